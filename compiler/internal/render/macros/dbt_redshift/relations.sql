{# Tables, views and schemas in Redshift. #}
{% macro dist(dist) -%}
  {%- if dist is not none -%}
    {%- if dist is not string -%}
      {%- do exceptions.raise_compiler_error("The 'dist' config must be a single value (e.g. dist: primary_key), not a list or other type. Redshift distribution key accepts only one column or one of: all, even, auto.") -%}
    {%- endif -%}
    {%- set style = dist.strip().lower() -%}
    {%- if style in ['all', 'even'] -%} diststyle {{ style }}
    {%- elif style != 'auto' -%} diststyle key distkey ({{ style }})
    {%- endif -%}
  {%- endif -%}
{%- endmacro %}
{% macro sort(sort_type, sort) -%}
  {%- if sort is not none -%}
    {{ sort_type or 'compound' }} sortkey({{ sort if sort is string else sort | join(',') }})
  {%- endif -%}
{%- endmacro %}

{# A contract needs the table first and the rows after it. #}
{% macro redshift__create_table_as(temporary, relation, sql) -%}
  {%- set contract = config.get('contract') -%}
  {%- set table = relation.include(database=(not temporary), schema=(not temporary)) -%}
  {%- set sort_type = config.get('sort_type', validator=validation.any['compound', 'interleaved']) -%}
  {%- set sort_keys = config.get('sort', validator=validation.any[list, basestring]) -%}
  {%- set attributes -%}
    {{ 'backup no' if config.get('backup') == false }} {{ dist(config.get('dist')) }} {{ sort(sort_type, sort_keys) }}
  {%- endset %}
{{ config.get('sql_header') or '' }}
create {{ 'temporary' if temporary }} table {{ table }}
{% if contract.enforced -%}
  {{ get_table_columns_and_constraints() }}
  {{ get_assert_columns_equivalent(sql) }}
  {%- set sql = get_select_subquery(sql) %}
  {{ attributes }}
  ;
  insert into {{ table }}
  (
    {{ sql }}
  )
  ;
{%- else -%}
  {{ attributes }}
  as (
    {{ sql }}
  );
{%- endif %}
{%- endmacro %}

{# A view without schema binding survives that what it reads is dropped. #}
{% macro redshift__create_view_as(relation, sql) %}
{{ config.get('sql_header') or '' }}
create view {{ relation }} {% if config.get('contract').enforced %}{{ get_assert_columns_equivalent(sql) }}{% endif %} as (
  {{ sql }}
) {{ 'with no schema binding' if not config.get('bind', default=True) }};
{% endmacro %}
{% macro redshift__get_replace_view_sql(relation, sql) %}
{{ config.get('sql_header') or '' }}
create or replace view {{ relation }} {% if config.get('contract').enforced %}{{ get_assert_columns_equivalent(sql) }}{% endif %} as (
  {{ sql }}
) {{ 'with no schema binding' if not config.get('bind', default=True) }}
{% endmacro %}

{% macro redshift__drop_table(relation) %}drop table if exists {{ relation }}{{ ' cascade' if not redshift__drop_without_cascade() }}{% endmacro %}
{% macro redshift__drop_view(relation) %}drop view if exists {{ relation }}{{ ' cascade' if not redshift__drop_without_cascade() }}{% endmacro %}
{% macro redshift__drop_materialized_view(relation) %}drop materialized view if exists {{ relation }}{{ ' cascade' if not redshift__drop_without_cascade() }}{% endmacro %}
{# A view is renamed as a table is. #}
{% macro redshift__get_rename_table_sql(relation, new_name) %}alter table {{ relation }} rename to {{ new_name }}{% endmacro %}
{% macro redshift__get_rename_view_sql(relation, new_name) %}alter table {{ relation }} rename to {{ new_name }}{% endmacro %}

{# Choices that the profile and the behavior flags make. #}
{% macro redshift__use_show_apis() %}{{ return(adapter.use_show_apis()) }}{% endmacro %}
{% macro redshift__use_grants_extended() %}{{ return(adapter.use_grants_extended()) }}{% endmacro %}
{% macro redshift__drop_without_cascade() %}{{ return(adapter.drop_without_cascade()) }}{% endmacro %}

{% macro redshift__create_schema(relation) -%}
  {%- if not redshift__use_show_apis() -%}
    {{ postgres__create_schema(relation) }}
  {%- else -%}
    {%- call statement('create_schema') %}create schema if not exists {{ relation.without_identifier() }}{% endcall -%}
  {%- endif -%}
{%- endmacro %}
{% macro redshift__drop_schema(relation) -%}
  {%- if not redshift__use_show_apis() -%}
    {{ postgres__drop_schema(relation) }}
  {%- else -%}
    {%- call statement('drop_schema') %}drop schema if exists {{ relation.without_identifier() }} cascade{% endcall -%}
  {%- endif -%}
{%- endmacro %}

{# Only strings and bytes can be widened in place. #}
{% macro redshift__alter_column_type(relation, column_name, new_column_type) -%}
  {%- set type = new_column_type | lower | trim -%}
  {%- set in_place = type.startswith('varchar') or type.startswith('character varying') or type.startswith('varbyte') -%}
  {%- if in_place and adapter.behavior.redshift_skip_autocommit_transaction_statements.no_warn -%}
    {%- call statement('alter_column_type') %}alter table {{ relation.render() }} alter column {{ adapter.quote(column_name) }} type {{ new_column_type }}{% endcall -%}
  {%- else -%}
    {{ default__alter_column_type(relation, column_name, new_column_type) }}
  {%- endif -%}
{%- endmacro %}
{# One column a statement. #}
{% macro redshift__alter_relation_add_remove_columns(relation, add_columns, remove_columns) -%}
  {%- for column in add_columns or [] -%}
    {%- do run_query('alter ' ~ relation.type ~ ' ' ~ relation ~ ' add column ' ~ column.quoted ~ ' ' ~ column.data_type) -%}
  {%- endfor -%}
  {%- for column in remove_columns or [] -%}
    {%- do run_query('alter ' ~ relation.type ~ ' ' ~ relation ~ ' drop column ' ~ column.quoted) -%}
  {%- endfor -%}
{%- endmacro %}

{# Columns of a view without schema binding take no comments. #}
{% macro redshift__persist_docs(relation, model, for_relation, for_columns) -%}
  {%- set unbound = relation.type == 'view' and config.get('bind') == false -%}
  {{ default__persist_docs(relation, model, for_relation, for_columns and not unbound) }}
{%- endmacro %}
{% macro escape_comment(comment) -%}
  {%- set quote = '$dbt_comment_literal_block$' -%}
  {%- if comment is not string -%}
    {%- do exceptions.raise_compiler_error('cannot escape a non-string: ' ~ comment) -%}
  {%- elif quote in comment -%}
    {%- do exceptions.raise_compiler_error('The string ' ~ quote ~ ' is not allowed in comments.') -%}
  {%- endif -%}
  {{ quote }}{{ comment }}{{ quote }}
{%- endmacro %}
{% macro redshift__alter_relation_comment(relation, comment) -%}
  comment on {{ 'view' if relation.type == 'materialized_view' else relation.type }} {{ relation }} is {{ escape_comment(comment) }};
{%- endmacro %}
{% macro redshift__alter_column_comment(relation, column_dict) %}{{ return(postgres__alter_column_comment(relation, column_dict)) }}{% endmacro %}
