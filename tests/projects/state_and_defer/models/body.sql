select id, name from {{ ref('unchanged') }}
