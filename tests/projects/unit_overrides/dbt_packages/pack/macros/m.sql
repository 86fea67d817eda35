{% macro shout(x) %}{{ return(adapter.dispatch('shout', 'pack')(x)) }}{% endmacro %}
{% macro default__shout(x) %}upper({{ x }}){% endmacro %}
