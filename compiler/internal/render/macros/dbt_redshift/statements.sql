{# Incremental strategies, snapshots, seeds and functions in Redshift, where the target of a statement has no alias. #}
{% macro _update_predicates(target, incremental_predicates) -%}
  {%- set predicates = [] -%}
  {%- for predicate in incremental_predicates or [] -%}
    {%- do predicates.append(predicate | replace('DBT_INTERNAL_DEST.', target ~ '.') | replace('dbt_internal_dest.', target ~ '.')) -%}
  {%- endfor -%}
  {{ return(predicates) }}
{%- endmacro %}

{% macro redshift__get_delete_insert_merge_sql(target, source, unique_key, dest_columns, incremental_predicates) -%}
  {%- set columns = get_quoted_csv(dest_columns | map(attribute='name')) -%}
  {%- if unique_key -%}
    {%- set key = unique_key if unique_key is string else unique_key | join(', ') %}
delete from {{ target }}
where ({{ key }}) in (
  select distinct {{ key }} from {{ source }} as DBT_INTERNAL_SOURCE
)
{% for predicate in _update_predicates(target, incremental_predicates) %} and {{ predicate }} {% endfor %};
  {%- endif %}
insert into {{ target }} ({{ columns }})
(
  select {{ columns }} from {{ source }}
)
{%- endmacro %}

{% macro redshift__get_merge_sql(target, source, unique_key, dest_columns, incremental_predicates=none) -%}
  {%- set conditions = _update_predicates(target, incremental_predicates) -%}
  {%- set updated = get_merge_update_columns(config.get('merge_update_columns'), config.get('merge_exclude_columns'), dest_columns) -%}
  {%- set inserted = get_merge_update_columns(none, none, dest_columns) -%}
  {%- set single = unique_key is string or unique_key is mapping or unique_key is not sequence -%}
  {%- for key in ([unique_key] if single else unique_key) if unique_key -%}
    {%- do conditions.append('DBT_INTERNAL_SOURCE.' ~ key ~ ' = ' ~ target ~ '.' ~ key) -%}
  {%- else -%}
    {%- do conditions.append('FALSE') -%}
  {%- endfor %}
{{ config.get('sql_header') or '' }}
merge into {{ target }}
using {{ source }} as DBT_INTERNAL_SOURCE
on ({{ conditions | join(') and (') }})
{% if unique_key -%}
when matched then update set
  {% for name in updated %}{{ name }} = DBT_INTERNAL_SOURCE.{{ name }}{{ ', ' if not loop.last }}{% endfor %}
{%- endif %}
when not matched then insert ( {{ inserted | join(', ') }} )
values ( {% for name in inserted %}DBT_INTERNAL_SOURCE.{{ name }}{{ ', ' if not loop.last }}{% endfor %} )
{% endmacro %}

{# The batch's interval is deleted and written again. #}
{% macro redshift__get_incremental_microbatch_sql(arg_dict) -%}
  {%- set target, source = arg_dict['target_relation'], arg_dict['temp_relation'] -%}
  {%- set columns = get_quoted_csv(arg_dict['dest_columns'] | map(attribute='name')) -%}
  {%- set batch, conditions = model.batch, _update_predicates(target, arg_dict.get('incremental_predicates')) -%}
  {%- if not batch or not batch.event_time_start or not batch.event_time_end -%}
    {%- do exceptions.raise_compiler_error('dbt could not compute the start and end timestamps for the running batch') -%}
  {%- endif -%}
  {%- do conditions.append(model.config.event_time ~ " >= TIMESTAMP '" ~ batch.event_time_start ~ "'") -%}
  {%- do conditions.append(model.config.event_time ~ " < TIMESTAMP '" ~ batch.event_time_end ~ "'") -%}
  {%- do arg_dict.update({'incremental_predicates': conditions}) %}
delete from {{ target }}
where ( {{ conditions | join(' and ') }} );
insert into {{ target }} ({{ columns }})
(
  select {{ columns }} from {{ source }}
)
{% endmacro %}

{% macro redshift__snapshot_merge_sql(target, source, insert_cols) %}{{ postgres__snapshot_merge_sql(target, source, insert_cols) }}{% endmacro %}

{% macro redshift__get_batch_size() %}{{ return(500) }}{% endmacro %}
{% macro redshift__create_csv_table(model, agate_table) -%}
  {%- set types = model['config'].get('column_types', {}) -%}
  {%- set how = model['config'].get('quote_columns', None) -%}
  {%- set sql %}
    create table {{ this.render() }} (
      {% for name in agate_table.column_names -%}
        {{ adapter.quote_seed_column(name | string, how) }} {{ types.get(name, adapter.convert_type(agate_table, loop.index0)) }}{{ ', ' if not loop.last }}
      {%- endfor %}
    )
    {{ dist(model['config'].get('dist', None)) }}
  {% endset -%}
  {%- call statement('_') %}{{ sql }}{% endcall -%}
  {{ return(sql) }}
{%- endmacro %}

{# The first row of a fixture gives the columns their types, so it may hold no null. #}
{% macro redshift__validate_fixture_rows(rows, row_number) -%}
  {%- for value in (rows[0].values() if rows else []) if value is none -%}
    {%- set fixture = 'expected output' if model.resource_type == 'unit_test' else "'" ~ model.name ~ "'" -%}
    {{ exceptions.raise_compiler_error('Unit test fixture ' ~ fixture ~ ' in ' ~ model.name ~ ' does not have any row free of null values, which may cause type mismatch errors during unit test execution.') }}
  {%- endfor -%}
{%- endmacro %}

{% macro redshift__scalar_function_create_replace_signature_sql(target_relation) %}
CREATE OR REPLACE FUNCTION {{ target_relation.render() }} ({{ formatted_scalar_function_args_sql() }})
RETURNS {{ model.returns.data_type }}
{{ scalar_function_volatility_sql() }}
AS
{% endmacro %}
{# Arguments have no names: the body calls them $1, $2, … #}
{% macro redshift__formatted_scalar_function_args_sql() %}{{ model.arguments | map(attribute='data_type') | join(', ') }}{% endmacro %}
{# A function must say it; what is not said is volatile. #}
{% macro redshift__scalar_function_volatility_sql() -%}
  {%- set volatility = model.config.get('volatility') -%}
  {%- if volatility not in ['deterministic', 'stable', 'non-deterministic', none] -%}
    {%- do unsupported_volatility_warning(volatility) -%}
  {%- endif -%}
  {{ {'deterministic': 'IMMUTABLE', 'stable': 'STABLE'}.get(volatility, 'VOLATILE') }}
{%- endmacro %}
