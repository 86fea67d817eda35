{{ config(materialized='table') }}
select j, id, t from {{ ref('in_third') }}, {{ ref('in_memory') }}
