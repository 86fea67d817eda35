select * from {{ ref('e_fails') }}
