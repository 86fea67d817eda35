{{ config(materialized='incremental', incremental_strategy='append', unique_key=none, on_schema_change='append_new_columns') }}
select * from {{ ref('s') }}
