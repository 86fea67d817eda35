{{ config(materialized='incremental', incremental_strategy='merge', table_type='iceberg', unique_key='id') }}
select id, day from {{ ref('animals') }} {% if is_incremental() %}where false{% endif %}
