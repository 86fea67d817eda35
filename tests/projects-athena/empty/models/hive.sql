{{ config(materialized='table') }}
select id, name, amount, day from {{ ref('animals') }} where id > 100
