{% macro plus_one(x) %}{{ helper(x) }}{% endmacro %}
