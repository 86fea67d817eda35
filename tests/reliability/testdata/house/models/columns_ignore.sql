{{ config(materialized='incremental', unique_key='id', on_schema_change='ignore') }}
select {{ row_columns(', part as even' if var('run') | int % 2 == 0 else ', amount::varchar as odd') }} from {{ ref('feed') }}
