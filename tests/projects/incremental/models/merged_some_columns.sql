{{ config(incremental_strategy='merge', unique_key=['id', 'part'], merge_update_columns=['amount'], incremental_predicates=['DBT_INTERNAL_DEST.run < 3']) }}
select * from {{ ref('feed') }}
