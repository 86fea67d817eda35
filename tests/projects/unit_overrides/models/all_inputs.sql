select b.id, s.name as seed_name, n.name as snap_name, b."Weird Name" as weird, b."order"
from {{ ref('base') }} b left join {{ ref('seeded') }} s using (id) left join {{ ref('snap') }} n using (id)
