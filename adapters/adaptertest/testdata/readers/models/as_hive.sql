{{ config(materialized='table', table_type='hive') }}
select id, part, day, amount, run from ({{ rows() }}) as r
