select customer, amount, {{ today() }} as day from {{ ref('only_big') }}
