{{ config(materialized='incremental', catalog_name='bucket', incremental_strategy='merge', unique_key='id') }}
select id, name, amount, day from {{ ref('changing') }}
{% if is_incremental() %}where id > 1{% endif %}
