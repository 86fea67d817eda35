{{ config(materialized='incremental', incremental_strategy='merge', table_type='iceberg', unique_key='id', update_condition='target.amount >= 30') }}
select id, name, {% if is_incremental() %}amount + 1 as {% endif %}amount, day from {{ ref('changing') }}
