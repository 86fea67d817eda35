{{ config(severity='warn', tags='expensive') }} select o.id from {{ ref('orders') }} o join {{ ref('stg_events') }} using (id) join {{ ref('customer_history') }} using (id)
