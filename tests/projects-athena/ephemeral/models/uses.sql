{{ config(materialized='table') }}
with mine as (select * from {{ ref('eph') }}) select * from mine union all select * from {{ ref('eph_two') }}
