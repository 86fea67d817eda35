{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key=['id', 'part']) }}
select {{ row_columns() }}, {{ late_failure() }} as late from {{ ref('feed') }}
