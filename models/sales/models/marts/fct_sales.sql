-- One row for each order. It is incremental: the first build reads all orders, later ones only the days that can still change, and the
-- orders read again replace what they were: Athena merges them, other engines delete and insert. --full-refresh begins anew.
{{ config(
    materialized='incremental',
    incremental_strategy='merge' if target.type == 'athena' else 'delete+insert',
    unique_key='order_number',
    on_schema_change='append_new_columns',
    post_hook="{{ log_rows(this) }}"
) }}

select
    sales.order_number,
    sales.ordered_on,
    sales.billed_customer_id,
    sales.item_id,
    modes.ship_mode_name,
    modes.is_express,
    warehouses.warehouse_name,
    warehouses.region,
    sales.quantity,
    sales.list_amount,
    sales.net_amount,
    sales.margin,
    sales.is_deeply_discounted,
    {{ loading_time() }} as loaded_at
from {{ ref('int_priced_sales') }} as sales
left join {{ ref('ship_modes') }} as modes on sales.ship_mode = modes.ship_mode
left join {{ ref('stg_warehouses') }} as warehouses
    on sales.warehouse_id = warehouses.warehouse_id
    and sales.ordered_on >= warehouses.valid_from
    and sales.ordered_on < warehouses.valid_to
{% if is_incremental() %}
-- From the newest day that the table has, so many days back: the table itself remembers how far it is.
where sales.ordered_on > (select {{ dbt.dateadd('day', -var('late_days'), 'max(ordered_on)') }} from {{ this }})
{% endif %}
