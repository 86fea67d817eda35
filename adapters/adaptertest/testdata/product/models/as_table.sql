{{ config(materialized='table') }}
select id, name, amount, day, happened from {{ ref('incoming') }}
