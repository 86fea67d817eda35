{{ config(materialized='own_table') }}
select {{ row_columns() }} from {{ ref('feed') }}
