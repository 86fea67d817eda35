{{ config(materialized='table', catalog_name='volume') }}
select * from {{ ref('whole') }}
