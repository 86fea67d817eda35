select * from {{ ref('totals') }} where people > 2
