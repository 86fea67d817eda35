{{ config(incremental_strategy='no_such_strategy') }}
select * from {{ ref('feed') }}
