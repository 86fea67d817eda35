{{ config(materialized='view' if var('run') | int % 2 == 0 else 'table') }}
select {{ row_columns() }} from {{ ref('feed') }}
