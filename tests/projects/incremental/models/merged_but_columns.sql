{{ config(incremental_strategy='merge', unique_key='id', merge_exclude_columns=['AMOUNT', 'part']) }}
select * from {{ ref('feed') }}
