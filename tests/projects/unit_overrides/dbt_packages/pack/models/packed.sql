select id, {{ pack.shout('name') }} as name, {{ var('size') }} as size from {{ ref('pack_base') }}
