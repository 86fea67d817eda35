{# The time now, in Athena: an Iceberg table holds microseconds, everything else milliseconds. #}
{% macro athena__current_timestamp() %}{{ cast_timestamp('now()') }}{% endmacro %}

{% macro cast_timestamp(timestamp_col) -%}
  {%- set config = model.get('config', {}) -%}
  {%- set stored = config.get('materialized', 'table') not in ['view', 'ephemeral'] -%}
  cast({{ timestamp_col }} as timestamp{% if stored and config.get('table_type', 'hive') == 'iceberg' %}(6){% endif %})
{%- endmacro %}

{% macro end_of_time() %}{{ return(adapter.dispatch('end_of_time')()) }}{% endmacro %}
{% macro athena__end_of_time() %}cast('9999-01-01' AS timestamp){% endmacro %}
