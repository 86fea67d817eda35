{# Spark's spellings of the cross-database functions. #}
{% macro spark__any_value(expression) %}first({{ expression }}){% endmacro %}
{% macro spark__bool_or(expression) %}max({{ expression }}){% endmacro %}
{% macro spark__concat(fields) %}concat({{ fields | join(', ') }}){% endmacro %}
{% macro spark__escape_single_quotes(expression) %}{{ expression | replace("'", "\\'") }}{% endmacro %}
{% macro spark__array_append(array, new_element) %}{{ array_concat(array, array_construct([new_element])) }}{% endmacro %}
{% macro spark__array_concat(array_1, array_2) %}concat({{ array_1 }}, {{ array_2 }}){% endmacro %}
{% macro spark__array_construct(inputs, data_type) %}array( {{ inputs | join(' , ') }} ){% endmacro %}

{# Spark cannot cast a string to a nested type: such a literal loses its quotes. #}
{% macro spark__safe_cast(field, type) -%}
  {%- set bare = field is string and cast_from_string_unsupported_for(type) -%}
  cast({{ field.strip('"').strip("'") if bare else field }} as {{ type }})
{%- endmacro %}
{% macro cast_from_string_unsupported_for(type) -%}
  {%- set name = type.lower() -%}
  {{ return(name.startswith('struct') or name.startswith('array') or name.startswith('map')) }}
{%- endmacro %}

{# The order of the list cannot be chosen. #}
{% macro spark__listagg(measure, delimiter_text, order_by_clause, limit_num) -%}
  {%- if order_by_clause -%}
    {%- do exceptions.warn("order_by_clause is not supported for listagg on Spark/Databricks") -%}
  {%- endif -%}
  {%- set values = 'collect_list(' ~ measure ~ ')' -%}
  {%- if limit_num -%}
    {%- set values = 'slice( ' ~ values ~ ' , 1, ' ~ limit_num ~ ')' -%}
  {%- endif -%}
  {{ return(' array_join( ' ~ values ~ ' , ' ~ delimiter_text ~ ') ') }}
{%- endmacro %}

{# split() takes a pattern, so a delimiter that is a special character is escaped, at run time. #}
{% macro spark__split_part(string_text, delimiter_text, part_number) -%}
  {%- set index -%}
    {%- if part_number > 0 -%} {{ part_number - 1 }}
    {%- elif part_number == 0 -%} {{ part_number }}
    {%- else -%} length({{ string_text }}) - length(replace({{ string_text }}, {{ delimiter_text }}, '')) + 1 + {{ part_number }}
    {%- endif -%}
  {%- endset -%}
  {%- set part %}
    split({{ string_text }},
      -- escape if starts with a special character
      case when regexp_extract({{ delimiter_text }}, '([^A-Za-z0-9])(.*)', 1) != '_'
        then concat('\\', {{ delimiter_text }}) else {{ delimiter_text }} end
    )[({{ index }})]
  {% endset -%}
  {{ return(part) }}
{%- endmacro %}

{% macro assert_not_null(function, arg) %}{{ return(adapter.dispatch('assert_not_null', 'dbt')(function, arg)) }}{% endmacro %}
{% macro spark__assert_not_null(function, arg) -%}
  {%- set value = function ~ '(' ~ arg ~ ')' -%}
  coalesce({{ value }}, nvl2({{ value }}, assert_true({{ value }} is not null), null))
{%- endmacro %}

{# Spark has no databases above schemas. #}
{% macro spark__generate_database_name(custom_database_name=none, node=none) %}{{ return(None) }}{% endmacro %}
