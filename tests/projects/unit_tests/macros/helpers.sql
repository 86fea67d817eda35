{% macro cents(x) %}cast(round({{ x }} * 100) as bigint){% endmacro %}
{% macro outer_cents(x) %}{{ cents(x) }}{% endmacro %}
{% macro today() %}current_date{% endmacro %}
