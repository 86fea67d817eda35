{{ config(materialized='table') }}
select * from {{ ref('animals') }}
