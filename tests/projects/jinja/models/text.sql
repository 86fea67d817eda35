select '{{ "%s-%05d" | format("a", 42) }}' as f, '{{ "Title case" | upper | replace("T", "t") }}' as r,
  '{{ [3, 1, 2] | sort | join(",") }}' as sorted, '{{ {"b": 1, "a": 2} | dictsort | map("first") | join("") }}' as keys,
  '{{ "abc"[::-1] }}' as reversed, {{ 7 // 2 }} as whole, {{ 2 ** 10 }} as power, '{{ "x" ~ 1 ~ none }}' as joined,
  '{{ "yes" if (1, 2) == (1, 2) else "no" }}' as tuples, '{{ (["a", "b"] | tojson) }}' as json, {# a comment #} 1 as one
{% raw %}-- {{ not rendered }}{% endraw %}
