{# Redshift's spellings of the cross-database functions; the rest is PostgreSQL's. #}
{% macro redshift__array_append(array, new_element) %}{{ array_concat(array, array_construct([new_element])) }}{% endmacro %}
{% macro redshift__array_concat(array_1, array_2) %}array_concat({{ array_1 }}, {{ array_2 }}){% endmacro %}
{% macro redshift__array_construct(inputs, data_type) %}array( {{ inputs | join(' , ') }} ){% endmacro %}

{% macro redshift__cast_bool_to_text(field) -%}
  case when {{ field }} is true then 'true' when {{ field }} is false then 'false' end::text
{%- endmacro %}

{% macro redshift__dateadd(datepart, interval, from_date_or_timestamp) %}dateadd({{ datepart }}, {{ interval }}, {{ from_date_or_timestamp }}){% endmacro %}
{% macro redshift__datediff(first_date, second_date, datepart) %}datediff({{ datepart }}, {{ first_date }}, {{ second_date }}){% endmacro %}
{% macro redshift__last_day(date, datepart) -%}
  {%- set next_period = dbt.dateadd(datepart, '1', dbt.date_trunc(datepart, date)) -%}
  cast({{ dbt.dateadd('day', '-1', next_period) }} as date)
{%- endmacro %}
{% macro redshift__length(expression) %}len({{ expression }}){% endmacro %}

{# The first limit_num parts are cut out of the whole list by a pattern of parts and delimiters, whose special characters are
   escaped one after the other. #}
{% macro redshift__listagg(measure, delimiter_text, order_by_clause, limit_num) -%}
  {%- set ordering = 'within group (' ~ order_by_clause ~ ')' if order_by_clause else '' -%}
  {%- if not limit_num -%}
    listagg({{ measure }}, {{ delimiter_text }}) {{ ordering }}
  {%- else -%}
    {%- set ns = namespace(mark=delimiter_text | trim("'")) -%}
    {%- for special in ['\\', '^', '$', '.', '|', '?', '*', '+', '(', ')', '[', ']', '{', '}'] -%}
      {%- set ns.mark = ns.mark | replace(special, '\\\\' ~ special) -%}
    {%- endfor -%}
    regexp_substr(
      listagg({{ measure }}, {{ delimiter_text }}) {{ ordering }},
      '([^{{ ns.mark }}]+{{ ns.mark }}){1,{{ limit_num - 1 }}}[^{{ ns.mark }}]+'
    )
  {%- endif -%}
{%- endmacro %}

{% macro redshift__split_part(string_text, delimiter_text, part_number) -%}
  {%- set form = dbt._split_part_negative if part_number < 0 else dbt.default__split_part -%}
  {{ form(string_text, delimiter_text, part_number) }}
{%- endmacro %}
