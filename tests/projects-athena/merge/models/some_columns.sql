{{ config(materialized='incremental', incremental_strategy='merge', table_type='iceberg', unique_key='id', merge_update_columns=['name']) }}
select id, name, amount, day from {{ ref('changing') }}
