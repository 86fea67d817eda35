{% macro default__pick() %}'project default'{% endmacro %}
{% macro duckdb__hash(field) %}'hash of ' || {{ field }}{% endmacro %}
{% macro local() %}{{ adapter.dispatch('local')() }}{% endmacro %}
{% macro duckdb__local() %}'local duckdb'{% endmacro %}
