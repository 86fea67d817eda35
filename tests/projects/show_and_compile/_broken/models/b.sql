select * from {{ ref('a') }} where {{ exceptions.raise_compiler_error('broken') }}
