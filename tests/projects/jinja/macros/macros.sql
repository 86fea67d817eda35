{% macro columns(names, prefix='') -%}
{%- for name in names -%}{{ prefix }}{{ name }}{{ ", " if not loop.last }}{%- endfor -%}
{%- endmacro %}

{% macro wrap(kind) -%}
{{ kind }}({{ caller() }})
{%- endmacro %}

{% macro gives_value(n) %}{% do return({'n': n, 'list': range(n) | list}) %}{% endmacro %}

{% macro takes_any() %}{{ varargs | join('+') }}{% for k, v in kwargs.items() %}+{{ v }}{% endfor %}{% endmacro %}

{% macro keep(name, value) %}{% do context.update({name: value}) %}{% endmacro %}
{% macro kept(name) %}{{ return(context.get(name, 'nothing')) }}{% endmacro %}
