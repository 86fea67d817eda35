{% test not_null(model, column_name) %}
select 'own version' as why from {{ model }} where {{ column_name }} is null and 1 = 0
{% endtest %}
