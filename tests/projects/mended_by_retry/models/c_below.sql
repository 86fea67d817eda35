select * from {{ ref('b_fails') }}
