{% macro label() %}'real'{% endmacro %}
{% macro nested_label() %}{{ label() }}{% endmacro %}
{% macro pick(options) %}{{ options[0] }}{% endmacro %}
