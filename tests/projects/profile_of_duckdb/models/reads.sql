{{ config(materialized='table') }}
-- depends_on: {{ ref('writes') }}
select id from side.main.there
