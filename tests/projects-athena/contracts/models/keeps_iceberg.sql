{{ config(materialized='incremental', incremental_strategy='append', table_type='iceberg', on_schema_change='append_new_columns') }}
select cast(1 as integer) as id, cast('2024-01-01' as date) as day
