{{ config(materialized='incremental', incremental_strategy='append') }}
select {{ row_columns() }}, {{ late_failure() }} as late from {{ ref('feed') }}
{% if is_incremental() %}where run > (select max(run) from {{ this }}){% endif %}
