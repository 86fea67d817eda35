{{ config(incremental_strategy='merge', unique_key='id', merge_clauses={
  'when_matched': [{'action': 'delete', 'condition': 'DBT_INTERNAL_SOURCE.id = 4'}, {'action': 'do_nothing', 'condition': 'DBT_INTERNAL_SOURCE.id = 5'}, {'action': 'update', 'mode': 'by_name'}],
  'when_not_matched': [{'action': 'insert', 'mode': 'explicit', 'insert': {'columns': ['id', 'run'], 'values': ['DBT_INTERNAL_SOURCE.id', 'DBT_INTERNAL_SOURCE.run']}}, {'by': 'source', 'condition': 'id = 1', 'action': 'delete'}]}) }}
select * from {{ ref('feed') }}
