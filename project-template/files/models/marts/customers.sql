select
    customer,
    min(ordered_on) as first_ordered_on,
    count(*) as orders,
    sum(case when status <> 'returned' then amount else 0 end) as revenue
from {{ ref('stg_orders') }}
group by customer
