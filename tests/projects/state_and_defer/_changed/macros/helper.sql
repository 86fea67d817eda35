{% macro helper(x) %}({{ x }} + 2){% endmacro %}
