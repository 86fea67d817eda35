{% test between(model, column_name, low, high, other=none) %}
{{ config(severity='warn') }}
select * from {{ model }} where not ({{ column_name }} between {{ low }} and {{ high }}) {% if other %} or {{ column_name }} in (select 1 from {{ other }}){% endif %}
{% endtest %}
