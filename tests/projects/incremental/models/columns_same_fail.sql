{{ config(on_schema_change='fail', unique_key='id') }}
select amount, id, run, part from {{ ref('feed') }}
