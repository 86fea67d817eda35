select id, name from {{ ref('animals') }}
