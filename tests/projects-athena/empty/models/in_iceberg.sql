{{ config(materialized='table', table_type='iceberg', partitioned_by=['day']) }}
select id, name, amount, day from {{ ref('animals') }} where id > 100
