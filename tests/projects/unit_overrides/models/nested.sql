select id, numbers, pair, m from {{ ref('base') }}
