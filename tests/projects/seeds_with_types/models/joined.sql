select i.id, r.rate from {{ ref('inferred') }} i cross join {{ ref('rates') }} r
