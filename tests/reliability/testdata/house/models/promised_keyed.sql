{{ config(materialized='table') }}
select {{ row_columns() }} from {{ ref('feed') }}
