{{ config(incremental_strategy='merge', unique_key='id', merge_update_condition=['a list']) }}
select * from {{ ref('feed') }}
