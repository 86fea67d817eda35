{{ config(incremental_strategy='delete+insert', unique_key='id + 0') }}
select * from {{ ref('feed') }}
