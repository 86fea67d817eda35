{{ config(incremental_strategy='merge', unique_key='id', merge_update_columns=['amount'], merge_exclude_columns=['part']) }}
select * from {{ ref('feed') }}
