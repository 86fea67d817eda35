{{ config(on_schema_change='append_new_columns', unique_key='id') }}
select amount, id, run, part from {{ ref('feed') }}
