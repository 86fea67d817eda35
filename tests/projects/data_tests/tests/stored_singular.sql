{{ config(store_failures=true, limit=2, severity='warn') }}
select * from {{ ref('a') }} where id > 0
