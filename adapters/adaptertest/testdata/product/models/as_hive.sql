{{ config(materialized='table', table_type='hive') }}
select id, name, amount, day from {{ ref('incoming') }}
