{{ config(incremental_strategy='merge', unique_key='id', merge_update_condition='DBT_INTERNAL_SOURCE.id % 2 = 0', merge_insert_condition='DBT_INTERNAL_SOURCE.id <> 6') }}
select * from {{ ref('feed') }}
