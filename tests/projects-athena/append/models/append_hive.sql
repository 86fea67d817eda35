{{ config(materialized='incremental', incremental_strategy='append', table_type='hive') }}
select id, name, amount, day from {{ ref('changing') }}
{% if is_incremental() %}where id > (select max(id) from {{ this }}){% endif %}
