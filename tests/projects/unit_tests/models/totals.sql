{{ config(materialized='table') }}
with named as (
  select s.*, c.name as country_name
  from {{ ref('stage') }} s left join {{ ref('countries') }} c on s.country = c.code
)
select customer, country_name, {{ outer_cents('sum(amount)') }} as cents, count(*) as orders, min(ordered_at) as first_at,
  '{{ env_var("UNIT_STAGE", "none") }}' as stage, {{ var('limit') }} as lim
from named group by 1, 2
