{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key=['id', 'day']) }}
select id, name, amount, day from {{ ref('incoming') }} where amount > 15
