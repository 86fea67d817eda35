{# Dates in Spark, which has no dateadd and no datediff of its own for most parts. #}
{% macro spark__current_timestamp() %}current_timestamp(){% endmacro %}
{% macro spark__date(year, month, day) -%}
  to_date('{{ modules.datetime.date(year, month, day).strftime('%Y-%m-%d') }}', 'yyyy-MM-dd')
{%- endmacro %}

{# Whole days and months are added to the date, and the time of day is put back in seconds; smaller parts are seconds. #}
{% macro spark__dateadd(datepart, interval, from_date_or_timestamp) -%}
  {%- set calendar = {'day': ('date_add', 1), 'week': ('date_add', 7), 'month': ('add_months', 1), 'quarter': ('add_months', 3), 'year': ('add_months', 12)} -%}
  {%- set clock = {'hour': '3600', 'minute': '60', 'second': '1', 'millisecond': '(1/1000000)', 'microsecond': '(1/1000000)'} -%}
  {%- if datepart in calendar -%}
    {%- set function, factor = calendar[datepart] -%}
    {%- set day = assert_not_null('date', from_date_or_timestamp) -%}
    to_timestamp(
      to_unix_timestamp({{ function }}({{ day }}, cast({{ interval }} * {{ factor }} as int)))
      + to_unix_timestamp({{ assert_not_null('to_timestamp', from_date_or_timestamp) }}) - to_unix_timestamp({{ day }})
    )
  {%- elif datepart in clock -%}
    to_timestamp({{ assert_not_null('to_unix_timestamp', from_date_or_timestamp) }} + cast({{ interval }} * {{ clock[datepart] }} as int))
  {%- else -%}
    {{ exceptions.raise_compiler_error("macro dateadd not implemented for datepart ~ '" ~ datepart ~ "' ~ on Spark") }}
  {%- endif -%}
{%- endmacro %}

{# A whole number of periods, rounded towards the first date, corrected by one where a boundary lies between. #}
{% macro spark__datediff(first_date, second_date, datepart) -%}
  {%- set clock = {'hour': '3600', 'minute': '60', 'second': '1', 'millisecond': '(1/1000)', 'microsecond': '(1/1000000)'} -%}
  {%- if datepart in ['day', 'week', 'month', 'quarter', 'year'] -%}
    {%- set a, b = assert_not_null('date', first_date), assert_not_null('date', second_date) -%}
    {%- if datepart == 'day' -%}
      datediff({{ b }}, {{ a }})
    {%- elif datepart == 'year' -%}
      year({{ b }}) - year({{ a }})
    {%- else -%}
      {%- if datepart == 'week' -%}
        {%- set periods = 'datediff(' ~ b ~ ', ' ~ a ~ ')/7' -%}
        {%- set boundary, place_a, place_b = 'a week boundary (Sunday)', 'dayofweek(' ~ a ~ ')', 'dayofweek(' ~ b ~ ')' -%}
      {%- else -%}
        {%- set periods = 'months_between(date(' ~ b ~ '), date(' ~ a ~ '))' ~ ('/3' if datepart == 'quarter') -%}
        {%- set boundary, place_a, place_b = 'a month boundary', 'dayofmonth(' ~ a ~ ')', 'dayofmonth(' ~ b ~ ')' -%}
      {%- endif -%}
      {%- set open, close = '', '' -%}
      {%- if datepart == 'quarter' -%}
        {%- set boundary, open, close = 'a quarter boundary', '(', ')' -%}
        {%- set place_a = '(dayofyear(' ~ a ~ ') - (quarter(' ~ a ~ ') * 365/4))' -%}
        {%- set place_b = '(dayofyear(' ~ b ~ ') - (quarter(' ~ b ~ ') * 365/4))' -%}
      {%- endif -%}
      case when {{ a }} < {{ b }} then floor({{ periods }}) else ceil({{ periods }}) end
      -- did we cross {{ boundary }}?
      + case
        when {{ a }} < {{ b }} and {{ open }}{{ place_b }} < {{ place_a }}{{ close }} then 1
        when {{ a }} > {{ b }} and {{ open }}{{ place_b }} > {{ place_a }}{{ close }} then -1
        else 0 end
    {%- endif -%}
  {%- elif datepart in clock -%}
    {%- set from = assert_not_null('to_unix_timestamp', assert_not_null('to_timestamp', first_date)) -%}
    {%- set to = assert_not_null('to_unix_timestamp', assert_not_null('to_timestamp', second_date)) -%}
    case when {{ first_date }} < {{ second_date }}
      then ceil(({{ to }} - {{ from }}) / {{ clock[datepart] }})
      else floor(({{ to }} - {{ from }}) / {{ clock[datepart] }})
    end
    {% if datepart == 'millisecond' -%}
      + cast(date_format({{ second_date }}, 'SSS') as int) - cast(date_format({{ first_date }}, 'SSS') as int)
    {%- elif datepart == 'microsecond' -%}
      {%- set digits = '[0-9]{4}-[0-9]{2}-[0-9]{2}.[0-9]{2}:[0-9]{2}:[0-9]{2}.([0-9]{6})' -%}
      -- Spark doesn't really support microseconds, so this is a massive hack!
      -- It will only work if the timestamp-string is of the format
      -- 'yyyy-MM-dd-HH mm.ss.SSSSSS'
      + cast(regexp_extract({{ second_date }}, '{{ digits }}', 1) as int)
      - cast(regexp_extract({{ first_date }}, '{{ digits }}', 1) as int)
    {%- endif -%}
  {%- else -%}
    {{ exceptions.raise_compiler_error("macro datediff not implemented for datepart ~ '" ~ datepart ~ "' ~ on Spark") }}
  {%- endif -%}
{%- endmacro %}
