{% test never(model) %}
select * from {{ model }} where {{ is_null('1') }}
{% endtest %}
