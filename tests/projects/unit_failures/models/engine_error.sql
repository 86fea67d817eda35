select cast(name as integer) as n from {{ ref('base') }}
