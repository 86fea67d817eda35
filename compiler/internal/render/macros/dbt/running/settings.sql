{# Settings that a node's config and the command line decide together. #}
{% macro set_sql_header(config) %}{{ config.set('sql_header', caller()) }}{% endmacro %}

{% macro should_full_refresh() -%}
  {%- set wanted = config.get('full_refresh') -%}
  {{ return(flags.FULL_REFRESH if wanted is none else wanted) }}
{%- endmacro %}

{% macro should_store_failures() -%}
  {%- set wanted = config.get('store_failures') -%}
  {{ return(flags.STORE_FAILURES if wanted is none else wanted) }}
{%- endmacro %}

{# True where the model is incremental, its table is there, and no full refresh is asked for. #}
{% macro is_incremental() -%}
  {%- if execute -%}
    {%- set existing = adapter.get_relation(this.database, this.schema, this.table) -%}
    {{ return(existing is not none and existing.type == 'table' and model.config.materialized == 'incremental' and not should_full_refresh()) }}
  {%- endif -%}
  {{ return(False) }}
{%- endmacro %}
