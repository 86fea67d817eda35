-- Reads the history and not the seed, so that an order finds the warehouse as it was on its day.
select
    warehouse_id,
    warehouse_name,
    upper(region) as region,
    dbt_valid_from as valid_from,
    dbt_valid_to as valid_to
from {{ ref('warehouses_history') }}
