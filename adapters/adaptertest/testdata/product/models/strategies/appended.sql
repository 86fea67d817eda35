{{ config(materialized='incremental', incremental_strategy='append') }}
select id, name, amount from {{ ref('incoming') }}
{% if is_incremental() %}where id > (select max(id) from {{ this }}){% endif %}
