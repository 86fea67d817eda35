{{ config(materialized='table', partitioned_by=['day']) }}
select cast(n as integer) as id, date_add('day', n, date '2024-01-01') as day from unnest(sequence(1, 130)) as t (n)
