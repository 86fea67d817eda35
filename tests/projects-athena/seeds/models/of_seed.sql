{{ config(materialized='table') }}
select id, price, day from {{ ref('typed') }}
