select id fromm {{ ref('base') }} x y z
