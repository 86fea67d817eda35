{{ config(materialized='incremental', partitioned_by=['month', 'day']) }}
select id, name, amount, date_format(day, '%Y-%m') as month, day from {{ ref('changing') }}
{% if is_incremental() %}where id = 5{% endif %}
