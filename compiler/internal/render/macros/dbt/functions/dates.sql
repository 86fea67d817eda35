{# Dates: literals, arithmetic, and rows of consecutive dates. #}
{% macro date(year, month, day) %}{{ return(adapter.dispatch('date', 'dbt')(year, month, day)) }}{% endmacro %}
{% macro date_trunc(datepart, date) %}{{ return(adapter.dispatch('date_trunc', 'dbt')(datepart, date)) }}{% endmacro %}
{% macro dateadd(datepart, interval, from_date_or_timestamp) %}{{ return(adapter.dispatch('dateadd', 'dbt')(datepart, interval, from_date_or_timestamp)) }}{% endmacro %}
{% macro datediff(first_date, second_date, datepart) %}{{ return(adapter.dispatch('datediff', 'dbt')(first_date, second_date, datepart)) }}{% endmacro %}
{% macro last_day(date, datepart) %}{{ return(adapter.dispatch('last_day', 'dbt')(date, datepart)) }}{% endmacro %}

{% macro default__date(year, month, day) -%}
  to_date('{{ modules.datetime.date(year, month, day).strftime('%Y-%m-%d') }}', 'YYYY-MM-DD')
{%- endmacro %}
{% macro default__date_trunc(datepart, date) %}date_trunc('{{ datepart }}', {{ date }}){% endmacro %}
{% macro default__dateadd(datepart, interval, from_date_or_timestamp) %}dateadd({{ datepart }}, {{ interval }}, {{ from_date_or_timestamp }}){% endmacro %}
{% macro default__datediff(first_date, second_date, datepart) %}datediff({{ datepart }}, {{ first_date }}, {{ second_date }}){% endmacro %}

{# The day before the next period begins. Engines call this one by name, hence the single underscore beside the dispatched form. #}
{% macro default_last_day(date, datepart) -%}
  {%- set next_period = dbt.dateadd(datepart, '1', dbt.date_trunc(datepart, date)) -%}
  cast({{ dbt.dateadd('day', '-1', next_period) }} as date)
{%- endmacro %}
{% macro default__last_day(date, datepart) %}{{ dbt.default_last_day(date, datepart) }}{% endmacro %}

{% macro get_powers_of_two(upper_bound) %}{{ return(adapter.dispatch('get_powers_of_two', 'dbt')(upper_bound)) }}{% endmacro %}
{% macro generate_series(upper_bound) %}{{ return(adapter.dispatch('generate_series', 'dbt')(upper_bound)) }}{% endmacro %}
{% macro get_intervals_between(start_date, end_date, datepart) %}{{ return(adapter.dispatch('get_intervals_between', 'dbt')(start_date, end_date, datepart)) }}{% endmacro %}
{% macro date_spine(datepart, start_date, end_date) %}{{ return(adapter.dispatch('date_spine', 'dbt')(datepart, start_date, end_date)) }}{% endmacro %}

{# How many doublings reach upper_bound; at least one. #}
{% macro default__get_powers_of_two(upper_bound) -%}
  {%- if upper_bound <= 0 -%}
    {{ exceptions.raise_compiler_error("upper bound must be positive") }}
  {%- endif -%}
  {%- for exponent in range(1, 100) if upper_bound <= 2 ** exponent -%}
    {{ return(exponent) }}
  {%- endfor -%}
{%- endmacro %}

{# Numbers 1 to upper_bound, one a row: every bit is a copy of a table of two rows. #}
{% macro default__generate_series(upper_bound) %}
  {%- set bits = range(dbt.get_powers_of_two(upper_bound)) %}
  with p as (
    select 0 as generated_number union all select 1
  ), unioned as (
    select
    {% for bit in bits %}{{ ' + ' if not loop.first }}p{{ bit }}.generated_number * power(2, {{ bit }}){% endfor %} + 1 as generated_number
    from
    {% for bit in bits %}{{ ' cross join ' if not loop.first }}p as p{{ bit }}{% endfor %}
  )
  select * from unioned
  where generated_number <= {{ upper_bound }}
  order by generated_number
{% endmacro %}

{# Asks the engine how many periods lie between two dates; 1 where it cannot say (while parsing). #}
{% macro default__get_intervals_between(start_date, end_date, datepart) -%}
  {%- call statement('get_intervals_between', fetch_result=True) %} select {{ dbt.datediff(start_date, end_date, datepart) }} {% endcall -%}
  {%- set answer = load_result('get_intervals_between') -%}
  {{ return(answer['data'][0][0] if answer and answer['data'] else 1) }}
{%- endmacro %}

{% macro default__date_spine(datepart, start_date, end_date) %}
  {%- set column = 'date_' ~ datepart -%}
  {%- set periods = dbt.get_intervals_between(start_date, end_date, datepart) %}
  with rawdata as (
    {{ dbt.generate_series(periods) }}
  ),
  all_periods as (
    select ( {{ dbt.dateadd(datepart, 'row_number() over (order by 1) - 1', start_date) }} ) as {{ column }}
    from rawdata
  ),
  filtered as (
    select * from all_periods
    where {{ column }} <= {{ end_date }}
  )
  select * from filtered
{% endmacro %}
