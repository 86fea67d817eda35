{{ config(materialized='table') }}
-- depends_on: {{ ref('maintained') }}
select what, count(*) as n from {{ target.schema }}.hook_log group by what
