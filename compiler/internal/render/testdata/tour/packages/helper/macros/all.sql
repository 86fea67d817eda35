{% macro shared() %}{{ return(adapter.dispatch('shared', 'helper')()) }}{% endmacro %}
{% macro default__shared() %}helper default{% endmacro %}
{% macro postgres__shared() %}helper postgres{% endmacro %}
{% macro local_name() %}helper local{% endmacro %}
{% macro calls_local() %}[{{ local_name() }}]{% endmacro %}
{% macro star_columns(relation) %}
  {%- for c in adapter.get_columns_in_relation(relation) %}{{ c.name }}{{ ", " if not loop.last }}{% endfor -%}
{% endmacro %}
{% test at_least(model, column_name, least=0) %}
select * from {{ model }} where {{ column_name }} < {{ least }} {{ "and " ~ var('own') if false }}
{% endtest %}
