select id, "Weird Name", "order" from {{ ref('base') }}
