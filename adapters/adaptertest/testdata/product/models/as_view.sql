{{ config(materialized='view') }}
select id, name from {{ ref('incoming') }} where amount > 20
