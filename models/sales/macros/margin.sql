{# What is earned: price minus cost, times the pieces sold. It is a macro so that there is one place where it can be wrong. #}
{% macro margin(price, cost, quantity) -%}
({{ price }} - {{ cost }}) * {{ quantity }}
{%- endmacro %}
