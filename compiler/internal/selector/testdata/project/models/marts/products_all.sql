select * from {{ ref('product', v=1) }} union all select * from {{ ref('product') }}
