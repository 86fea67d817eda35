select * from {{ ref('beside') }}
