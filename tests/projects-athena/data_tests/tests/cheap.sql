select id from {{ ref('stock') }} where amount > 3
