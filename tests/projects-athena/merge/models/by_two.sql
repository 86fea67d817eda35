{{ config(materialized='incremental', incremental_strategy='merge', table_type='iceberg', unique_key=['id', 'day']) }}
select id, day, name, amount from {{ ref('changing') }}
