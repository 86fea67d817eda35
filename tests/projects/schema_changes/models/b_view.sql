select * from {{ ref('a_table') }}
