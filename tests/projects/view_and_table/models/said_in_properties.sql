select sum(n) as n from {{ ref('said_in_model') }}
