{{ config(materialized='table') }}
select id as "select", id as "table" from {{ ref('elsewhere') }}
