select "Id", "select" from {{ source('s', 'mixed') }}
