{{ config(materialized='incremental', incremental_strategy='merge', unique_key='id', merge_exclude_columns=['name']) }}
select id, name, amount from {{ ref('incoming') }}
