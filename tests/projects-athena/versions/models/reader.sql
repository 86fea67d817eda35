{{ config(materialized='table') }}
select a.id, b.name from {{ ref('orders') }} as a join {{ ref('orders', v=1) }} as b on a.id = b.id
