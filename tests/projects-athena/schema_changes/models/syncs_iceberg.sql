{{ config(materialized='incremental', incremental_strategy='append', table_type='iceberg', on_schema_change='sync_all_columns') }}
{% if is_incremental() %}
select id, name, 1 as added from {{ ref('changing') }} where id > 3
{% else %}
select id, name, amount from {{ ref('changing') }}
{% endif %}
