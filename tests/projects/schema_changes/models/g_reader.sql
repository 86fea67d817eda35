select * from {{ ref('d_kind') }}
