{% macro twice(x) %}{{ x }} * 2{% endmacro %}
{% macro who() %}helper{% endmacro %}
