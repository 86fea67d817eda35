{{ config(materialized='ephemeral') }}
with a as (select * from {{ ref('eph') }}) select id + 1 as id, name from a
