{{ config(materialized='ephemeral') }}
with q as (select * from {{ ref('eph_a') }}) select * from q
