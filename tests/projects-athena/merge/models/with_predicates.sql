{{ config(materialized='incremental', incremental_strategy='merge', table_type='iceberg', unique_key='id', partitioned_by=['day'], incremental_predicates=["target.day > date '2024-01-01'", 'src.id < 9']) }}
select id, name, amount, day from {{ ref('changing') }}
