{# Creating tables and views. #}
{% macro get_create_table_as_sql(temporary, relation, sql) %}{{ adapter.dispatch('get_create_table_as_sql', 'dbt')(temporary, relation, sql) }}{% endmacro %}
{% macro get_create_view_as_sql(relation, sql) %}{{ adapter.dispatch('get_create_view_as_sql', 'dbt')(relation, sql) }}{% endmacro %}
{% macro create_view_as(relation, sql) %}{{ adapter.dispatch('create_view_as', 'dbt')(relation, sql) }}{% endmacro %}
{% macro handle_existing_table(full_refresh, old_relation) %}{{ adapter.dispatch('handle_existing_table', 'dbt')(full_refresh, old_relation) }}{% endmacro %}

{% macro default__get_create_table_as_sql(temporary, relation, sql) %}{{ return(create_table_as(temporary, relation, sql)) }}{% endmacro %}
{% macro default__get_create_view_as_sql(relation, sql) %}{{ return(create_view_as(relation, sql)) }}{% endmacro %}

{# Implementations that know no languages are called without one. #}
{% macro create_table_as(temporary, relation, compiled_code, language='sql') -%}
  {%- set create = adapter.dispatch('create_table_as', 'dbt') -%}
  {{ create(temporary, relation, compiled_code) if language == 'sql' else create(temporary, relation, compiled_code, language) }}
{%- endmacro %}

{# A temporary table has no database, no schema and no contract. #}
{% macro default__create_table_as(temporary, relation, sql) %}
{{ config.get('sql_header') or '' }}
create {{ 'temporary' if temporary }} table {{ relation.include(database=(not temporary), schema=(not temporary)) }}
{% if config.get('contract').enforced and not temporary -%}
  {{ get_assert_columns_equivalent(sql) }}
  {{ get_table_columns_and_constraints() }}
  {%- set sql = get_select_subquery(sql) -%}
{%- endif %}
as (
{{ sql }}
);
{% endmacro %}

{% macro default__create_view_as(relation, sql) %}
{{ config.get('sql_header') or '' }}
create view {{ relation.render() }}
{% if config.get('contract').enforced %}{{ get_assert_columns_equivalent(sql) }}{% endif %}
as (
{{ sql }}
);
{% endmacro %}

{# The whole of a view's materialization, for engines that replace views in place. #}
{% macro create_or_replace_view() -%}
  {%- set old = adapter.get_relation(database=database, schema=schema, identifier=model['alias']) -%}
  {%- set view = api.Relation.create(identifier=model['alias'], schema=schema, database=database, type='view') -%}
  {%- set was_view = old is not none and old.is_view -%}
  {%- set grants = config.get('grants') -%}
  {{ run_hooks(pre_hooks) }}
  {%- if old is not none and old.is_table -%}
    {{ handle_existing_table(should_full_refresh(), old) }}
  {%- endif -%}
  {%- call statement('main') %}{{ get_create_view_as_sql(view, sql) }}{% endcall -%}
  {%- do apply_grants(view, grants, should_revoke=should_revoke(was_view, full_refresh_mode=True)) -%}
  {{ run_hooks(post_hooks) }}
  {{ return({'relations': [view]}) }}
{%- endmacro %}
{% macro default__handle_existing_table(full_refresh, old_relation) -%}
  {%- do log('Dropping relation ' ~ old_relation.render() ~ ' because it is of type ' ~ old_relation.type) -%}
  {{ adapter.drop_relation(old_relation) }}
{%- endmacro %}
