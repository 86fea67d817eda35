select sum(value) as total from {{ ref('renamed') }}
