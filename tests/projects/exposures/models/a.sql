select * from {{ source('s', 't') }}
