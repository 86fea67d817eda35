{{ config(materialized='table', table_type='hive') }}
select id, run, amount from {{ ref('raw') }}
