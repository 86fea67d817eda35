{{ config(full_refresh=true) }}
select *, {{ is_incremental() }} as incremental from {{ ref('feed') }}
