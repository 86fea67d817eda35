{# A test of the project's own, used in YAML like the built-in ones. The rows that it selects are those that fail. #}
{% test positive(model, column_name) %}

select {{ column_name }}
from {{ model }}
where {{ column_name }} <= 0

{% endtest %}
