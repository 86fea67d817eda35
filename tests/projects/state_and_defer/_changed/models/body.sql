select id, name, 'more' as more from {{ ref('unchanged') }}
