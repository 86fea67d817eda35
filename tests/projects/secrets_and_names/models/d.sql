select * from {{ ref('v', v=1) }} join {{ source('made', 's') }} using (id)
