select 1 as id, 1 as at from {{ source('web', 'events') }}
