{%- set result = gives_value(3) -%}
{%- set words -%}
'set block'
{%- endset -%}
select {% call wrap('upper') %}'x'{% endcall %} as u, {{ result.n }} as n, {{ result['list'] | sum }} as s,
  {{ takes_any(1, 2, x=3) }} as sum, {{ words }} as words, '{{ columns(['p', 'q'], prefix='t.') }}' as cols
