{# Contracts: the columns that a model promises, as DDL and as a check of its query. #}
{% macro get_table_columns_and_constraints() %}{{ adapter.dispatch('get_table_columns_and_constraints', 'dbt')() }}{% endmacro %}
{% macro get_assert_columns_equivalent(sql) %}{{ adapter.dispatch('get_assert_columns_equivalent', 'dbt')(sql) }}{% endmacro %}

{% macro default__get_table_columns_and_constraints() %}{{ return(table_columns_and_constraints()) }}{% endmacro %}
{% macro table_columns_and_constraints() -%}
  {%- set columns = adapter.render_raw_columns_constraints(raw_columns=model['columns']) -%}
  {%- set constraints = adapter.render_raw_model_constraints(raw_constraints=model['constraints']) -%}
  (
    {{ (columns | list + constraints | list) | join(',\n    ') }}
  )
{%- endmacro %}

{# Both sides are asked of the engine, as empty queries; the first difference ends the node with both lists. #}
{% macro default__get_assert_columns_equivalent(sql) %}{{ return(assert_columns_equivalent(sql)) }}{% endmacro %}
{% macro assert_columns_equivalent(sql) -%}
  {%- set promised = model['columns'] -%}
  {%- if not promised -%}
    {{ exceptions.raise_contract_error([], []) }}
  {%- endif -%}
  {%- set actual_columns = get_column_schema_from_query(sql, config.get('sql_header', none)) -%}
  {%- set promised_columns = get_column_schema_from_query(get_empty_schema_sql(promised)) -%}
  {%- set actual, promised = format_columns(actual_columns), format_columns(promised_columns) -%}
  {%- set of_name = {} -%}
  {%- for column in promised | reverse -%}
    {%- do of_name.update({column['name']: column['formatted']}) -%}
  {%- endfor -%}
  {%- set ns = namespace(same=(actual | length == promised | length)) -%}
  {%- for column in actual if of_name.get(column['name']) != column['formatted'] -%}
    {%- set ns.same = false -%}
  {%- endfor -%}
  {%- if not ns.same -%}
    {%- do exceptions.raise_contract_error(promised, actual) -%}
  {%- endif -%}
{%- endmacro %}

{% macro format_columns(columns) -%}
  {%- set format = adapter.dispatch('format_column', 'dbt') -%}
  {%- set formatted = [] -%}
  {%- for column in columns -%}
    {%- do formatted.append(format(column)) -%}
  {%- endfor -%}
  {{ return(formatted) }}
{%- endmacro %}
{% macro default__format_column(column) -%}
  {{ return({'name': column.name, 'data_type': column.dtype, 'formatted': column.column.lower() ~ ' ' ~ column.dtype}) }}
{%- endmacro %}

{% macro get_select_subquery(sql) %}{{ return(adapter.dispatch('get_select_subquery', 'dbt')(sql)) }}{% endmacro %}
{% macro default__get_select_subquery(sql) %}
select {{ adapter.dispatch('get_column_names', 'dbt')() }}
from (
  {{ sql }}
) as model_subq
{%- endmacro %}
{# The promised columns, in the order of the contract. #}
{% macro default__get_column_names() -%}
  {%- for key, column in model['columns'].items() -%}
    {{ adapter.quote(column['name']) if column.get('quote') else column['name'] }}{{ ', ' if not loop.last }}
  {%- endfor -%}
{%- endmacro %}
