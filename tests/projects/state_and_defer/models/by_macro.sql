select {{ plus_one('id') }} as id, name from {{ ref('people') }}
