{{ config(materialized='table', table_type='iceberg') }}
select 1 / (id - id) as n from {{ ref('animals') }}
