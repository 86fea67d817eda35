{# The time of the build, without a time zone. #}
{% macro loading_time() -%}
{{ adapter.dispatch('loading_time', 'sales')() }}
{%- endmacro %}

{% macro default__loading_time() -%}
cast({{ dbt.current_timestamp() }} as timestamp)
{%- endmacro %}
