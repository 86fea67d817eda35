{{ config(materialized='table') }}
select id, rate, upper(name) as name from {{ ref('kinds') }}
