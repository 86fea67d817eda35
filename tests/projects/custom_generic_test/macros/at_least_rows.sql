{% test at_least_rows(model, n) %}
{{ config(severity='warn') }}
select count(*) as n from {{ model }} having count(*) < {{ n }}
{% endtest %}
