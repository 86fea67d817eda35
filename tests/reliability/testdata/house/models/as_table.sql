{{ config(materialized='table', indexes=[{'columns': ['id'], 'unique': true}, {'columns': ['part', 'run']}]) }}
select {{ row_columns() }}, {{ late_failure() }} as late from {{ ref('feed') }}
