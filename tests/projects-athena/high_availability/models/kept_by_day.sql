{{ config(materialized='table', ha=true, partitioned_by=['day']) }}
select id, name, amount, day from {{ ref('changing') }}
