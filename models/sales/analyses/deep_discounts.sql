-- Orders sold far below their list price. An analysis is compiled and never run: a query to keep, with the names still right.
select order_number, warehouse_name, list_amount, net_amount
from {{ ref('fct_sales') }}
where is_deeply_discounted
order by list_amount - net_amount desc
