{% for w in var('words') %}select '{{ w }}' as word{{ ' union all ' if not loop.last }}{% endfor %}
