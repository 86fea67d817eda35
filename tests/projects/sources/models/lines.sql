{{ config(materialized='table') }}
select l.*, c.name from {{ source('shop', 'order_lines') }} l left join {{ ref('customers') }} c on c.id = l.customer_id
