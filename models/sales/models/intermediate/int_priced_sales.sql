select
    order_number,
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
