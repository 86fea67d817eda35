{% macro mine(node, connection_name) %}by {{ node.name if node else connection_name }} of {{ project_name }}{% endmacro %}
