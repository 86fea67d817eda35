{# Athena's (Trino's) spellings of the cross-database functions. #}
{% macro athena__any_value(expression) %}arbitrary({{ expression }}){% endmacro %}
{% macro athena__bool_or(expression) %}bool_or({{ expression }}){% endmacro %}
{% macro athena__hash(field) %}lower(to_hex(md5(to_utf8(cast({{ field }} as varchar))))){% endmacro %}
{% macro athena__safe_cast(field, type) %}try_cast({{ field }} as {{ type }}){% endmacro %}
{% macro athena__right(string_text, length_expression) -%}
  case when {{ length_expression }} = 0 then '' else substr({{ string_text }}, -1 * ({{ length_expression }})) end
{%- endmacro %}

{% macro athena__equals(expr1, expr2) -%}
  {%- set operator = 'IS NOT DISTINCT FROM' if adapter.behavior.enable_truthy_nulls_equals_macro.no_warn else '=' -%}
  ({{ expr1 }} {{ operator }} {{ expr2 }})
{%- endmacro %}

{% macro athena__listagg(measure, delimiter_text, order_by_clause, limit_num) -%}
  {%- set values -%} array_agg({{ measure }} {{ order_by_clause or '' }}) {%- endset -%}
  array_join({% if limit_num %}slice({{ values }}, 1, {{ limit_num }}){% else %}{{ values }}{% endif %}, {{ delimiter_text }})
{%- endmacro %}

{% macro athena__array_append(array, new_element) %}{{ array }} || {{ new_element }}{% endmacro %}
{% macro athena__array_concat(array_1, array_2) %}{{ array_1 }} || {{ array_2 }}{% endmacro %}
{% macro athena__array_construct(inputs, data_type) -%}
  {%- if inputs | length -%}
    array[ {{ inputs | join(' , ') }} ]
  {%- else -%}
    {{ safe_cast('array[]', 'array(' ~ data_type ~ ')') }}
  {%- endif -%}
{%- endmacro %}

{% macro athena__date_trunc(datepart, date) %}date_trunc('{{ datepart }}', {{ date }}){% endmacro %}
{% macro athena__dateadd(datepart, interval, from_date_or_timestamp) %}date_add('{{ datepart }}', {{ interval }}, {{ from_date_or_timestamp }}){% endmacro %}

{# Every part is the difference in the next coarser one, scaled, plus the difference of the parts themselves. Quarters and
   months stand without outer parentheses. An unknown part is an error only when the node runs. #}
{% macro athena__datediff(first_date, second_date, datepart) -%}
  {%- set coarser = {'quarter': ('year', 4), 'month': ('year', 12), 'hour': ('day', 24), 'minute': ('hour', 60), 'second': ('minute', 60)} -%}
  {%- set from, to = 'CAST(' ~ first_date ~ ' AS TIMESTAMP)', 'CAST(' ~ second_date ~ ' AS TIMESTAMP)' -%}
  {%- if datepart == 'year' -%}
    (year({{ to }}) - year({{ from }}))
  {%- elif datepart == 'day' -%}
    ((to_milliseconds((CAST({{ to }} AS DATE) - CAST({{ from }} AS DATE)))) / 86400000)
  {%- elif datepart == 'week' -%}
    ({{ datediff(first_date, second_date, 'day') }} / 7 + case
      when dow({{ from }}) <= dow({{ to }}) then case when {{ first_date }} <= {{ second_date }} then 0 else -1 end
      else case when {{ first_date }} <= {{ second_date }} then 1 else 0 end
    end)
  {%- elif datepart == 'millisecond' -%}
    (to_milliseconds(({{ to }} - {{ from }})))
  {%- elif datepart in coarser -%}
    {%- set unit, factor = coarser[datepart] -%}
    {%- set scaled = datediff(first_date, second_date, unit) ~ ' * ' ~ factor -%}
    {%- set parts = datepart ~ '(' ~ to ~ ') - ' ~ datepart ~ '(' ~ from ~ ')' -%}
    {%- if unit == 'year' -%} ({{ scaled }}) + {{ parts }} {%- else -%} ({{ scaled }} + {{ parts }}) {%- endif -%}
  {%- elif execute -%}
    {{ exceptions.raise_compiler_error("Unsupported datepart for macro datediff in Athena: {!r}".format(datepart)) }}
  {%- endif -%}
{%- endmacro %}
