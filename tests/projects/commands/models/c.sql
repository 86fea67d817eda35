select a.id, b.what from {{ ref('a') }} a join {{ ref('b') }} b using (id) join {{ ref('eph') }} e using (id)
