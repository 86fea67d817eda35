select id from {{ ref('by_macro') }}
