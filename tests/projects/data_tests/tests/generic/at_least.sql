{% test at_least(model, column_name, least=0, factor=1) %}
{{ config(severity='warn', tags=['own']) }}
select {{ column_name }} as value from {{ model }} where {{ column_name }} * {{ factor }} < {{ least }}
{% endtest %}
