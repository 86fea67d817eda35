{{ config(materialized='table') }}
select id, '{{ var("what") }}' as what from {{ ref('codes') }}
