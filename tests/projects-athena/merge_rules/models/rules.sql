{{ config(materialized='incremental', incremental_strategy='merge', table_type='iceberg', unique_key='id',
    merge_update_columns_default_rule='coalesce',
    merge_update_columns_rules={'amount': 'sum', 'notes': 'append', 'tags': 'append_distinct', 'label': "concat(_old_, '>', _new_)", 'day': 'replace'}) }}
select id, nullif(name, 'wasp') as name, amount, array['n'] as notes, array[name] as tags, name as label, day from {{ ref('changing') }}
