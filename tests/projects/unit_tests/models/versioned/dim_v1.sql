select id, customer from {{ ref('stage') }}
