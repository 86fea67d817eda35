{{ config(materialized='table') }}
with own as (select id from {{ ref('as_view') }})
select own.id, m.twice from own join {{ ref('middle') }} as m on own.id = m.id
