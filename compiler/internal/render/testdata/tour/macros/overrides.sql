{% macro local_name() %}root local{% endmacro %}

{% macro redshift__shared() %}tour redshift{% endmacro %}

{% macro generate_schema_name(custom_schema_name, node) -%}
  {%- if custom_schema_name is none -%}{{ target.schema }}
  {%- elif node.name.startswith('x_') -%}  {{ custom_schema_name | upper }}
  {%- else -%}{{ default__generate_schema_name(custom_schema_name, node) }}{%- endif -%}
{%- endmacro %}

{% macro outer(n) %}{{ inner(n) }}{% endmacro %}
{% macro inner(n) %}<{{ n }}:{{ caller() if caller else 'no caller' }}>{% endmacro %}
{% macro gives_list() %}{{ return([1, 'two', none]) }}{% endmacro %}
{% macro kw(a, b=2) %}{{ a }}-{{ b }}-{{ varargs }}-{{ kwargs }}{% endmacro %}
{% macro is_null(c) %}{{ c }} is null{% endmacro %}
