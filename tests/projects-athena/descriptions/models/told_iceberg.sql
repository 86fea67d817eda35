{{ config(materialized='table', table_type='iceberg') }}
select id, name, day from {{ ref('animals') }}
