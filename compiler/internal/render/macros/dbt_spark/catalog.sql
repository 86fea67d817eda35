{# What is there, in Spark: by SHOW and DESCRIBE. #}
{% macro get_columns_in_relation_raw(relation) %}{{ return(adapter.dispatch('get_columns_in_relation_raw', 'dbt')(relation)) }}{% endmacro %}
{% macro spark__get_columns_in_relation_raw(relation) -%}
  {%- call statement('get_columns_in_relation_raw', fetch_result=True) %}describe extended {{ relation }}{% endcall -%}
  {{ return(load_result('get_columns_in_relation_raw').table) }}
{%- endmacro %}
{% macro spark__get_columns_in_relation(relation) -%}
  {%- call statement('get_columns_in_relation', fetch_result=True) %}describe extended {{ relation.include(schema=(schema is not none)) }}{% endcall -%}
  {{ return(load_result('get_columns_in_relation').table) }}
{%- endmacro %}
{% macro describe_table_extended_without_caching(table_name) -%}
  {%- call statement('describe_table_extended_without_caching', fetch_result=True) %}describe extended {{ table_name }}{% endcall -%}
  {{ return(load_result('describe_table_extended_without_caching').table) }}
{%- endmacro %}
{% macro fetch_tbl_properties(relation) -%}
  {%- call statement('list_properties', fetch_result=True) %}SHOW TBLPROPERTIES {{ relation }}{% endcall -%}
  {{ return(load_result('list_properties').table) }}
{%- endmacro %}
{% macro spark__list_relations_without_caching(relation) -%}
  {%- call statement('list_relations_without_caching', fetch_result=True) %}show table extended in {{ relation.schema }} like '*'{% endcall -%}
  {{ return(load_result('list_relations_without_caching').table) }}
{%- endmacro %}
{% macro list_relations_show_tables_without_caching(schema_relation) -%}
  {%- call statement('list_relations_without_caching_show_tables', fetch_result=True) %}show tables in {{ schema_relation.schema }} like '*'{% endcall -%}
  {{ return(load_result('list_relations_without_caching_show_tables').table) }}
{%- endmacro %}
{% macro spark__list_schemas(database) -%}
  {%- call statement('list_schemas', fetch_result=True, auto_begin=False) %}show databases{% endcall -%}
  {{ return(load_result('list_schemas').table) }}
{%- endmacro %}
