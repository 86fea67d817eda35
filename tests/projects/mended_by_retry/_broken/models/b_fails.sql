select * from {{ ref('a') }} where
