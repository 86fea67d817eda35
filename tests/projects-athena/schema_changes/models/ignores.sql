{{ config(materialized='incremental', incremental_strategy='append', table_type='iceberg', on_schema_change='ignore') }}
select id, name{% if is_incremental() %}, 1 as added{% endif %} from {{ ref('changing') }}
