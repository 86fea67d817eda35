select greeting, {{ helper.twice(4) }} as eight, '{{ who() }}' as who, '{{ helper.who() }}' as helpers_who from {{ ref('helper', 'greetings') }} cross join {{ ref('helper_seed') }}
