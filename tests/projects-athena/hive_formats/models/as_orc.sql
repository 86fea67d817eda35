{{ config(materialized='table', format='orc') }}
select id, name, cast(amount as double) as amount from {{ ref('animals') }}
