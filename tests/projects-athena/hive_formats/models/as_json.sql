{{ config(materialized='table', format='json') }}
select id, name, cast(amount as double) as amount from {{ ref('animals') }}
