{{ config(materialized='table', table_type='iceberg') }}
select * from {{ ref('animals') }}
