select * from {{ ref('weeks') }} where day_id < 0
