{{ config(store_failures=true, store_failures_as='ephemeral', severity='warn') }}
select id from {{ ref('a') }} where id = 3
