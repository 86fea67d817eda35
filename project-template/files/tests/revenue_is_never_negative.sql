-- A test fails on the rows it selects.
select customer, revenue
from {{ ref('customers') }}
where revenue < 0
