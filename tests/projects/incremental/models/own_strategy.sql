{{ config(incremental_strategy='newest_only', unique_key='id') }}
select * from {{ ref('feed') }}
