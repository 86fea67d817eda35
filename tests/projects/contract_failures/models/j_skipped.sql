select * from {{ ref('a_name') }}
