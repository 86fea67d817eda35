{{ config(materialized='table', catalog_name='files') }}
select * from {{ ref('whole') }}
