{{ config(materialized='incremental', incremental_strategy='insert_overwrite', partitioned_by=['day'], force_batch=true) }}
select cast(n as integer) as id, date_add('day', n, date '2024-01-01') as day from unnest(sequence(1, 130)) as t (n)
