-- depends_on: {{ ref('kinds') }}
select {{ highest('kinds', 'weight') }} as top
