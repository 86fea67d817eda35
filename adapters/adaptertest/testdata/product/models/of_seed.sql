{{ config(materialized='table') }}
select code, label, size from {{ ref('sizes') }} where size > 1
