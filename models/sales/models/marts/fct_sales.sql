select
    sales.order_number,
    sales.billed_customer_id,
    sales.item_id,
    modes.ship_mode_name,
    modes.is_express,
    warehouses.warehouse_name,
    warehouses.region,
    sales.quantity,
    sales.list_amount,
    sales.net_amount,
    sales.margin,
    sales.is_deeply_discounted
from {{ ref('int_priced_sales') }} as sales
left join {{ ref('ship_modes') }} as modes on sales.ship_mode = modes.ship_mode
left join {{ ref('stg_warehouses') }} as warehouses on sales.warehouse_id = warehouses.warehouse_id
