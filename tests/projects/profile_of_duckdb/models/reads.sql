{{ config(materialized='table') }}
select * from {{ ref('there') }}
