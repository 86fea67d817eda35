{{ config(materialized='table') }}
-- {{ ref('m') }} {{ ref('o') }}
select 'm' as what, id from main.m union all select 'o', id from main.other_name
