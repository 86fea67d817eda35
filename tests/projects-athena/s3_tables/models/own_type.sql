{{ config(materialized='table', catalog_name='volume', table_type='hive', format='parquet') }}
select * from {{ ref('placed') }}
