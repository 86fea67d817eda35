{% set ns = namespace(total=0) %}
{% set names = ['a', 'b', 'c'] %}
{% do names.append('d') %}
{% for i in range(5) if i is odd %}{% set ns.total = ns.total + i %}{% endfor %}
select {{ ns.total }} as total, {{ names | length }} as n
{%- for name in names %},
  {{ loop.index }} as {{ name }}{{ loop.cycle('_odd', '_even') }}
{%- else %} never {%- endfor %}
