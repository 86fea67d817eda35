{{ config(materialized='table', table_type='iceberg', partitioned_by=['month(day)', 'bucket(id, 4)', 'truncate(name, 1)']) }}
select id, name, amount, day from {{ ref('animals') }}
