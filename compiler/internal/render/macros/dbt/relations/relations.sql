{# Relations beside a relation (temporary, intermediate, backup), and finding the one that is there. #}
{% macro make_intermediate_relation(base_relation, suffix='__dbt_tmp') %}{{ return(adapter.dispatch('make_intermediate_relation', 'dbt')(base_relation, suffix)) }}{% endmacro %}
{% macro make_backup_relation(base_relation, backup_relation_type, suffix='__dbt_backup') %}{{ return(adapter.dispatch('make_backup_relation', 'dbt')(base_relation, backup_relation_type, suffix)) }}{% endmacro %}
{% macro truncate_relation(relation) %}{{ return(adapter.dispatch('truncate_relation', 'dbt')(relation)) }}{% endmacro %}
{% macro get_or_create_relation(database, schema, identifier, type) %}{{ return(adapter.dispatch('get_or_create_relation', 'dbt')(database, schema, identifier, type)) }}{% endmacro %}
{% macro drop_relation(relation) %}{{ return(adapter.dispatch('drop_relation', 'dbt')(relation)) }}{% endmacro %}
{% macro rename_relation(from_relation, to_relation) %}{{ return(adapter.dispatch('rename_relation', 'dbt')(from_relation, to_relation)) }}{% endmacro %}
{% macro drop_schema_named(schema_name) %}{{ return(adapter.dispatch('drop_schema_named', 'dbt')(schema_name)) }}{% endmacro %}
{% macro create_schema(relation) %}{{ adapter.dispatch('create_schema', 'dbt')(relation) }}{% endmacro %}
{% macro drop_schema(relation) %}{{ adapter.dispatch('drop_schema', 'dbt')(relation) }}{% endmacro %}

{# Batches of one microbatch run work side by side, so each has its own temporary name. #}
{% macro make_temp_relation(base_relation, suffix='__dbt_tmp') -%}
  {%- if suffix == '__dbt_tmp' and model.batch -%}
    {%- set suffix = suffix ~ '_' ~ model.batch.id -%}
  {%- endif -%}
  {{ return(adapter.dispatch('make_temp_relation', 'dbt')(base_relation, suffix)) }}
{%- endmacro %}
{% macro default__make_temp_relation(base_relation, suffix) -%}
  {{ return(base_relation.incorporate(path={'identifier': base_relation.identifier ~ suffix})) }}
{%- endmacro %}
{% macro default__make_intermediate_relation(base_relation, suffix) %}{{ return(default__make_temp_relation(base_relation, suffix)) }}{% endmacro %}
{% macro default__make_backup_relation(base_relation, backup_relation_type, suffix) -%}
  {{ return(base_relation.incorporate(path={'identifier': base_relation.identifier ~ suffix}, type=backup_relation_type)) }}
{%- endmacro %}

{% macro default__truncate_relation(relation) -%}
  {%- call statement('truncate_relation') %}truncate table {{ relation.render() }}{% endcall -%}
{%- endmacro %}
{% macro default__drop_relation(relation) -%}
  {%- call statement('drop_relation', auto_begin=False) %}{{ get_drop_sql(relation) }}{% endcall -%}
{%- endmacro %}
{% macro drop_relation_if_exists(relation) -%}
  {%- if relation is not none -%} {{ adapter.drop_relation(relation) }} {%- endif -%}
{%- endmacro %}
{% macro default__rename_relation(from_relation, to_relation) -%}
  {%- set name = adapter.quote_as_configured(to_relation.identifier, 'identifier') -%}
  {%- call statement('rename_relation') %}alter table {{ from_relation.render() }} rename to {{ name }}{% endcall -%}
{%- endmacro %}

{# Whether it was there, and the relation: the engine's, or a new value. #}
{% macro default__get_or_create_relation(database, schema, identifier, type) -%}
  {%- set existing = adapter.get_relation(database=database, schema=schema, identifier=identifier) -%}
  {%- if not existing -%}
    {{ return([false, api.Relation.create(database=database, schema=schema, identifier=identifier, type=type)]) }}
  {%- endif -%}
  {{ return([true, existing]) }}
{%- endmacro %}
{% macro load_cached_relation(relation) -%}
  {{ return(adapter.get_relation(database=relation.database, schema=relation.schema, identifier=relation.identifier)) }}
{%- endmacro %}
{# The older name. #}
{% macro load_relation(relation) %}{{ return(load_cached_relation(relation)) }}{% endmacro %}

{% macro default__create_schema(relation) -%}
  {%- call statement('create_schema') %}create schema if not exists {{ relation.without_identifier() }}{% endcall -%}
{%- endmacro %}
{% macro default__drop_schema(relation) -%}
  {%- call statement('drop_schema') %}drop schema if exists {{ relation.without_identifier() }} cascade{% endcall -%}
{%- endmacro %}
{% macro default__drop_schema_named(schema_name) %}{{ adapter.drop_schema(api.Relation.create(schema=schema_name)) }}{% endmacro %}
