{{ config(on_schema_change='sync_all_columns', unique_key='id') }}
select amount, id, run, part from {{ ref('feed') }}
