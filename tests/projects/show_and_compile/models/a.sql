select id, name from {{ ref('codes') }}
