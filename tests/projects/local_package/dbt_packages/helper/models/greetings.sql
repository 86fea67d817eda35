select '{{ var('greeting') }}' as greeting, {{ helper.twice(21) }} as answer
