select e.id, a.what from {{ source('raw', 'events') }} e join {{ ref('a') }} a using (id)
