{{ config(materialized='incremental', incremental_strategy='append', table_type='hive') }}
select id, part, day, amount, run from ({{ rows() }}) as r
