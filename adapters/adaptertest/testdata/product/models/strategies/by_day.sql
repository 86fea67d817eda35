{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='happened', batch_size='day', begin='2024-01-01') }}
select id, name, amount, happened from {{ ref('incoming') }}
