{{ config(materialized='table') }}
select id, name, day from {{ ref('incoming') }} where amount < 0
