{{ config(materialized='incremental', catalog_name='bucket', incremental_strategy='append') }}
select id, name, amount, day from {{ ref('changing') }}
