{{ config(materialized='incremental', incremental_strategy='insert_overwrite', partitioned_by=['day']) }}
select id, name, amount, day from {{ ref('changing') }}
{% if is_incremental() %}where day >= date '2024-01-02' and id <> 3{% endif %}
