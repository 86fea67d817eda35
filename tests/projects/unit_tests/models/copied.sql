select * from {{ ref('types') }}
