{{ config(materialized='view') }}
select id::bigint as id, rate from {{ ref('kinds') }}
