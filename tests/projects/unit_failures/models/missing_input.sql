select b.id from {{ ref('base') }} b join {{ ref('changed') }} c using (id)
