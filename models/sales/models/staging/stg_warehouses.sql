select
    warehouse_id,
    warehouse_name,
    upper(region) as region
from {{ ref('warehouses') }}
