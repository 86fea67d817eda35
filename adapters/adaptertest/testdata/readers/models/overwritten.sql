{{ config(materialized='incremental', table_type='hive', partitioned_by=['day'], unique_key=none if var('overwrites') else 'day',
          incremental_strategy='insert_overwrite' if var('overwrites') else 'delete+insert') }}
select id, part, amount, run, day from ({{ rows() }}) as r
