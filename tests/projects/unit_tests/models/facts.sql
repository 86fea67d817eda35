{{ config(materialized='incremental', unique_key='id') }}
select id, customer, amount, ordered_at from {{ ref('stage') }}
{% if is_incremental() %}
where ordered_at > (select max(ordered_at) from {{ this }})
{% endif %}
