{# What is earned: price minus cost, times the pieces sold. #}
{% macro margin(price, cost, quantity) -%}
({{ price }} - {{ cost }}) * {{ quantity }}
{%- endmacro %}
