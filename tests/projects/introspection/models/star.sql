{% set columns = adapter.get_columns_in_relation(ref('base')) %}
select {% for c in columns %}{{ c.quoted }} as {{ c.name }}_{{ 'n' if c.is_number() else 't' if c.is_string() else 'o' }}{{ ", " if not loop.last }}{% endfor %}
{% if not execute %}1 as x{% endif %} from {{ ref('base') }}
