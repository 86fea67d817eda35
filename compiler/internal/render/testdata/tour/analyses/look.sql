select * from {{ ref('facts') }} where {{ is_null('x') }}
