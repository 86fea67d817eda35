{{ config(materialized='table', partitioned_by=['day']) }}
select id, name, amount, day from {{ ref('incoming') }}
