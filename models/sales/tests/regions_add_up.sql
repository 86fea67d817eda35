-- What the regions sold is what was sold. A test between two models is a query of its own; it passes if it selects nothing.
with regions as (

    select sum(net_amount) as net_amount from {{ ref('sales_by_region') }}

),

orders as (

    select sum(net_amount) as net_amount from {{ ref('fct_sales') }}

)

select regions.net_amount, orders.net_amount as expected
from regions
cross join orders
where regions.net_amount <> orders.net_amount
