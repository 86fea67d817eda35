{{ config(materialized='table', table_type='hive', partitioned_by=['day']) }}
select id, name, amount, day from {{ ref('incoming') }}
