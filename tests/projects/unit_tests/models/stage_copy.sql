select id, customer, amount, country from {{ ref('stage') }}
