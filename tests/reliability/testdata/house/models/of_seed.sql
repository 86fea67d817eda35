{{ config(materialized='table') }}
select id, run from {{ ref('numbers') }}
