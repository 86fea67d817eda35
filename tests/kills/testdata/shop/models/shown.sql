{{ config(materialized='view') }}
select r.id, r.run, n.name from {{ ref('raw') }} as r join {{ ref('names') }} as n on n.id = r.id
