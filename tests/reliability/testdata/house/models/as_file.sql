{{ config(materialized='external') }}
select {{ row_columns() }}, {{ late_failure() }} as late from {{ ref('feed') }}
