select id, upper(customer) as customer from {{ ref('stage') }}
