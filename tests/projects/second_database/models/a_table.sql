{{ config(materialized='table') }}
select * from {{ ref('s') }}
