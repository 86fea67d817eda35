{{ config(materialized='incremental') }} select id, '{{ is_incremental() }}' as again from {{ ref('b') }}
