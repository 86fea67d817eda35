{{ config(materialized='table', catalog_name='bucket') }}
select id, name, amount, day from {{ ref('changing') }}
