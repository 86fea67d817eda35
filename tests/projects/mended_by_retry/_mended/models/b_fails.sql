select id, id as no_such_column from {{ ref('a') }}
