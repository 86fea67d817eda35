{{ config(materialized='table') }}
select id, name, amount, current_date is not null as ok from {{ ref('wide') }}
