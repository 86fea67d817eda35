{{ config(materialized='table') }}
select id as parent from {{ ref('g_parent') }}
