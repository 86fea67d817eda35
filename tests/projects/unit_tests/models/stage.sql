-- depends_on: {{ ref('raw_orders') }}
select id, customer, cast(amount as decimal(18, 2)) as amount, cast("at" as timestamp) as ordered_at, country
from {{ source('raw', 'orders') }}
