{{ config(materialized='table', table_type='iceberg', partitioned_by=['name']) }}
select * from {{ ref('animals') }}
