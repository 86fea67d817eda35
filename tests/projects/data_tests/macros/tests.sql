{% test row_count(model, count) %}
{{ config(fail_calc="coalesce(sum(off), 0)", error_if=">= 2", warn_if=">= 1") }}
select abs(count(*) - {{ count }}) as off from {{ model }}
{% endtest %}
{% test combined(model, columns) %}
select {{ columns | join(', ') }}, count(*) as n from {{ model }} group by {{ columns | join(', ') }} having count(*) > 1
{% endtest %}
{% test needs_header(model) %}
{{ config(sql_header="set variable threshold = 15;") }}
select * from {{ model }} where amount < 15
{% endtest %}
