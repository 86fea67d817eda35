select 1 from {{ ref('a') }} a join {{ ref('c') }} c using (id) where a.id > 100
