{{ config(materialized='table') }}
select id, upper(name) as name, amount * 2 as amount, day from {{ ref('animals') }}
