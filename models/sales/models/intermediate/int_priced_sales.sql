-- What an order is worth. It is a step of its own so that the arithmetic can be tested without any table: see intermediate.yml. The casts and
-- the product in place of a quotient are there because engines widen and round decimals differently.
select
    order_number,
    ordered_on,
    quantity,
    ship_mode,
    warehouse_id,
    item_id,
    billed_customer_id,
    cast(quantity * list_price as decimal(18, 2)) as list_amount,
    cast(quantity * selling_price as decimal(18, 2)) as net_amount,
    cast({{ margin('selling_price', 'wholesale_cost', 'quantity') }} as decimal(18, 2)) as margin,
    discount >= {{ var('deep_discount') }} * nullif(list_price, 0) as is_deeply_discounted
from {{ ref('stg_sales') }}
