{% macro helper(x) %}({{ x }} + 1){% endmacro %}
