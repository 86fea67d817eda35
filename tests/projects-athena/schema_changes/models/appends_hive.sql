{{ config(materialized='incremental', incremental_strategy='append', table_type='hive', on_schema_change='append_new_columns') }}
{% if is_incremental() %}
select id, name, 1 as added from {{ ref('changing') }} where id > 3
{% else %}
select id, name, amount from {{ ref('changing') }}
{% endif %}
