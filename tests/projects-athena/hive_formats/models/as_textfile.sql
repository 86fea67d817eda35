{{ config(materialized='table', format='textfile') }}
select id, name, cast(amount as double) as amount from {{ ref('animals') }}
