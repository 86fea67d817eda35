{{ config(materialized='table', schema='of_even_runs' if var('run') | int % 2 == 0 else 'of_odd_runs') }}
select {{ row_columns() }} from {{ ref('feed') }}
