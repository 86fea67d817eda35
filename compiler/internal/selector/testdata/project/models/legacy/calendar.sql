select * from {{ ref('weeks') }}
