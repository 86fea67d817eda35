{{ config(materialized='ephemeral') }}
select 1 as a from {{ ref('staged') }}
