select id as order_id from {{ ref('raw') }}
