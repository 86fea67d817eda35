-- depends_on: {{ ref('kinds') }}
{% call statement('top', fetch_result=true) -%}
select max(weight) as top, count(*) as n from {{ ref('kinds') }}
{% endcall %}
{%- set top = load_result('top') -%}
select {{ top['data'][0][0] if execute else 0 }} as top, {{ top['table'].columns[1].values()[0] if execute else 0 }} as n, '{{ top['table'].column_names | join(',') if execute }}' as names
