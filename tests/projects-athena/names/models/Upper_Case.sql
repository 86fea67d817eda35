{{ config(materialized='table', table_type='iceberg') }}
select 1 as "Id", 2 as "Some Thing"
