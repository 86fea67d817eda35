{% macro who() %}project{% endmacro %}
