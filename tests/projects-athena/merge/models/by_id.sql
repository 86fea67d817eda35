{{ config(materialized='incremental', incremental_strategy='merge', table_type='iceberg', unique_key='id') }}
select id, name, amount, day from {{ ref('changing') }}
{% if is_incremental() %}where id > 1{% endif %}
