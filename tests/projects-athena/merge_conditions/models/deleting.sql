{{ config(materialized='incremental', incremental_strategy='merge', table_type='iceberg', unique_key='id', delete_condition="src.name = 'wasp'") }}
select id, name, amount, day from {{ ref('changing') }}
