{# The partitions of the new rows take the place of the old ones. Where there is no such strategy, a key that is the partition does the same. #}
{{ config(materialized='incremental', table_type='hive', partitioned_by=['day'], unique_key=none if var('overwrites') else 'day',
          incremental_strategy='insert_overwrite' if var('overwrites') else 'delete+insert') }}
select id, name, amount, day from {{ ref('incoming') }}
