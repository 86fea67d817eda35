-- A view although it is a mart: few look at it, and then at the newest.
{{ config(materialized='view') }}

select
    billed_customer_id as customer_id,
    count(*) as orders,
    sum(net_amount) as net_amount,
    sum(margin) as margin,
    count(case when is_deeply_discounted then 1 end) as deeply_discounted_orders
from {{ ref('fct_sales') }}
group by billed_customer_id
