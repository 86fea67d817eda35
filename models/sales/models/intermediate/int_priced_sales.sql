-- What an order is worth. It is a step of its own so that the arithmetic can be tested without any table: see intermediate.yml.
select
    order_number,
    ordered_on,
    quantity,
    ship_mode,
    warehouse_id,
    item_id,
    billed_customer_id,
    quantity * list_price as list_amount,
    quantity * selling_price as net_amount,
    {{ margin('selling_price', 'wholesale_cost', 'quantity') }} as margin,
    discount / nullif(list_price, 0) >= {{ var('deep_discount') }} as is_deeply_discounted
from {{ ref('stg_sales') }}
