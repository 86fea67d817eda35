{{ config(materialized='incremental', incremental_strategy='append', table_type='hive') }}
select id, name, amount from {{ ref('incoming') }} where amount > 20
