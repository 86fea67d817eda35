{{ config(materialized='incremental', incremental_strategy='by_hand', unique_key='id') }}
select {{ row_columns() }} from {{ ref('feed') }}
