{{ config(materialized='incremental', incremental_strategy='merge', unique_key='id') }}
select id, name, amount, day from {{ ref('incoming') }}
