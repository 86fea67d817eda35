{{ config(incremental_strategy='merge', merge_on_using_columns=['id', 'part'], merge_update_set_expressions={'amount': 'DBT_INTERNAL_DEST.amount + DBT_INTERNAL_SOURCE.amount', 'run': 'DBT_INTERNAL_SOURCE.run'}, merge_returning_columns=['id']) }}
select * from {{ ref('feed') }}
