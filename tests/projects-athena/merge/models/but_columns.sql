{{ config(materialized='incremental', incremental_strategy='merge', table_type='iceberg', unique_key='id', merge_exclude_columns=['name', 'day']) }}
select id, name, amount, day from {{ ref('changing') }}
