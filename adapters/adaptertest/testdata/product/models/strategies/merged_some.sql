{{ config(materialized='incremental', incremental_strategy='merge', unique_key=['id', 'day'], merge_update_columns=['amount']) }}
select id, day, name, amount from {{ ref('incoming') }}
