{# Types in Athena, which speaks two languages: Hive's in DDL, Trino's in queries. #}
{% macro athena__type_float() %}DOUBLE{% endmacro %}
{% macro athena__type_numeric() %}DECIMAL(38,6){% endmacro %}
{% macro athena__type_int() %}INTEGER{% endmacro %}
{% macro athena__type_string() %}VARCHAR{% endmacro %}

{# A type as DDL writes it. #}
{% macro ddl_data_type(col_type, table_type = 'hive') -%}
  {%- set ns = namespace(type=modules.re.sub('(?:varchar|character varying)(?:\(\d+\))?', 'string', col_type)) -%}
  {%- if 'array' in ns.type or 'map' in ns.type -%}
    {%- set ns.type = ns.type.replace('(', '<').replace(')', '>') -%}
  {%- endif -%}
  {%- set ns.type = ns.type.replace('integer', 'int') -%}
  {%- if table_type == 'iceberg' -%}
    {%- set ns.type = 'timestamp' if 'timestamp' in ns.type else ns.type -%}
    {%- set ns.type = 'binary' if 'binary' in ns.type else ns.type -%}
  {%- endif -%}
  {{ return(ns.type) }}
{%- endmacro %}

{# A type as queries write it. #}
{% macro dml_data_type(col_type) %}{{ return(col_type.replace('string', 'varchar').replace('float', 'real')) }}{% endmacro %}
