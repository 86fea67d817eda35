select
    id as order_id,
    customer,
    cast(ordered_on as date) as ordered_on,
    status,
    {{ cents_to_amount('amount_cents') }} as amount
from {{ ref('raw_orders') }}
