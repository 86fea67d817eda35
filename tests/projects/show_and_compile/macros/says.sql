{% macro deep() %}{% do exceptions.raise_compiler_error("on purpose") %}{% endmacro %}
{% macro fails() %}{% do deep() %}{% endmacro %}
{% macro asks() %}{% do run_query("select * from nothing_here") %}{% endmacro %}
{% macro undefined() %}{{ no_such_macro() }}{% endmacro %}
{% macro divides() %}{{ 1 / 0 }}{% endmacro %}
{% macro needs(x) %}{% do log(x, info=true) %}{% endmacro %}
