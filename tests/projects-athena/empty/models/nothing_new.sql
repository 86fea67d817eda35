{{ config(materialized='incremental', incremental_strategy='insert_overwrite', partitioned_by=['day']) }}
select id, day from {{ ref('animals') }} {% if is_incremental() %}where false{% endif %}
