{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key='day') }}
select id, name, amount, day from {{ ref('incoming') }}
