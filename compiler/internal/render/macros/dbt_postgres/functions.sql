{# PostgreSQL's spellings of the cross-database functions. #}
{% macro postgres__any_value(expression) %}min({{ expression }}){% endmacro %}

{% macro postgres__equals(expr1, expr2) -%}
  {%- set operator = 'IS NOT DISTINCT FROM' if adapter.behavior.enable_truthy_nulls_equals_macro.no_warn else '=' -%}
  ({{ expr1 }} {{ operator }} {{ expr2 }})
{%- endmacro %}

{% macro postgres__dateadd(datepart, interval, from_date_or_timestamp) -%}
  {{ from_date_or_timestamp }} + ((interval '1 {{ datepart }}') * ({{ interval }}))
{%- endmacro %}

{# A difference in a fine part is the difference in the next coarser one, scaled, plus the difference of the parts themselves. #}
{% macro postgres__datediff(first_date, second_date, datepart) -%}
  {%- set coarser = {
    'quarter': ('year', 4, 'date'), 'month': ('year', 12, 'date'),
    'hour': ('day', 24, 'timestamp'), 'minute': ('hour', 60, 'timestamp'), 'second': ('minute', 60, 'timestamp'),
    'millisecond': ('minute', 60000, 'timestamp'), 'microsecond': ('minute', 60000000, 'timestamp'),
  } -%}
  {%- if datepart == 'year' -%}
    (date_part('year', ({{ second_date }})::date) - date_part('year', ({{ first_date }})::date))
  {%- elif datepart == 'day' -%}
    (({{ second_date }})::date - ({{ first_date }})::date)
  {%- elif datepart == 'week' -%}
    ({{ datediff(first_date, second_date, 'day') }} / 7 + case
      when date_part('dow', ({{ first_date }})::timestamp) <= date_part('dow', ({{ second_date }})::timestamp)
        then case when {{ first_date }} <= {{ second_date }} then 0 else -1 end
      else case when {{ first_date }} <= {{ second_date }} then 1 else 0 end
    end)
  {%- elif datepart in coarser -%}
    {%- set unit, factor, type = coarser[datepart] -%}
    {%- set open, close = ('floor(', ')') if 'second' in datepart else ('', '') -%}
    ({{ datediff(first_date, second_date, unit) }} * {{ factor }}
      + {{ open }}date_part('{{ datepart }}', ({{ second_date }})::{{ type }}){{ close }}
      - {{ open }}date_part('{{ datepart }}', ({{ first_date }})::{{ type }}){{ close }})
  {%- else -%}
    {{ exceptions.raise_compiler_error("Unsupported datepart for macro datediff in postgres: {!r}".format(datepart)) }}
  {%- endif -%}
{%- endmacro %}

{# An interval of PostgreSQL has no quarters. #}
{% macro postgres__last_day(date, datepart) -%}
  {%- if datepart != 'quarter' -%}
    {{ dbt.default_last_day(date, datepart) }}
  {%- else -%}
    {%- set next_quarter = dbt.dateadd('month', '3', dbt.date_trunc(datepart, date)) -%}
    -- postgres dateadd does not support quarter interval.
    cast({{ dbt.dateadd('day', '-1', next_quarter) }} as date)
  {%- endif -%}
{%- endmacro %}

{% macro postgres__listagg(measure, delimiter_text, order_by_clause, limit_num) -%}
  {%- set ordering = order_by_clause or '' -%}
  {%- if limit_num -%}
    array_to_string((array_agg({{ measure }} {{ ordering }}))[1:{{ limit_num }}], {{ delimiter_text }})
  {%- else -%}
    string_agg({{ measure }}, {{ delimiter_text }} {{ ordering }})
  {%- endif -%}
{%- endmacro %}

{% macro postgres__split_part(string_text, delimiter_text, part_number) -%}
  {%- set form = dbt._split_part_negative if part_number < 0 else dbt.default__split_part -%}
  {{ form(string_text, delimiter_text, part_number) }}
{%- endmacro %}
