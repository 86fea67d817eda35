{{ config(materialized='view' if var('run') | int % 3 == 0 else 'incremental', unique_key='id') }}
select {{ row_columns() }} from {{ ref('feed') }}
