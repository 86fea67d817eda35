{{ config(materialized='table', table_type='hive', partitioned_by=['day']) }}
select id, part, amount, run, day from ({{ rows() }}) as r
