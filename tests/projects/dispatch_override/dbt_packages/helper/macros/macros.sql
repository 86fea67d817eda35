{% macro pick() %}{{ return(adapter.dispatch('pick', 'helper')()) }}{% endmacro %}
{% macro default__pick() %}'helper default'{% endmacro %}
{% macro other() %}{{ return(adapter.dispatch('other', macro_namespace='helper')()) }}{% endmacro %}
{% macro default__other() %}'default other'{% endmacro %}
{% macro duckdb__other() %}'duckdb other'{% endmacro %}
