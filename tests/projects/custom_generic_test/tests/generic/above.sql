{% test above(model, column_name, limit_value=0) %}
select * from {{ model }} where {{ column_name }} <= {{ limit_value }}
{% endtest %}
