{{ config(schema=none) }}
select * from {{ ref('two') }} where '{{ this }}' <> ''
