{{ config(materialized='incremental', incremental_strategy='merge', table_type='iceberg', unique_key='id', insert_condition='src.id < 5') }}
select id, name, amount, day from {{ ref('changing') }}
