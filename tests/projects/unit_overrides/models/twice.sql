select l.id, r.name from {{ ref('base') }} l join {{ ref('base') }} r using (id)
