{% macro seen(what, n) %}insert into main.seen values ('{{ what }}', {{ n }});{% endmacro %}

{% macro tell_notes() %}
  {% if execute %}
  {% for name, n in graph.setdefault('notes', {}).items() | sort %}
  {{ seen('note ' ~ name, n) }}
  {% endfor %}
  {% endif %}
{% endmacro %}

{% macro tell_results(results) %}
  {% if execute %}
  {% for r in results %}
    {% set node = r.node.to_dict() %}
    {% set plain = r.to_dict() %}
    {{ seen(node.unique_id ~ ' ' ~ node.resource_type ~ ' ' ~ plain.status ~ ' ' ~ plain.node.name ~ ' ' ~ r.skipped, plain.failures or 0) }}
    {{ seen(node.unique_id ~ ' keys ' ~ plain | sort | join(' '), 0) }}
    {{ seen(node.unique_id ~ ' compiled ' ~ ('compiled_code' in node) ~ ' ' ~ ((node.compiled_code or '') | trim | length > 0), 0) }}
    {% for t in r.timing %}
      {% set times = t.to_dict() %}
      {{ seen(node.unique_id ~ ' ' ~ t.name ~ ' ' ~ times | sort | join(' ') ~ ' ' ~ times.started_at[10] ~ times.started_at[-1] ~ ' ' ~ (t.completed_at >= t.started_at), 0) }}
    {% endfor %}
  {% endfor %}
  {% endif %}
{% endmacro %}

{% macro tell_config() %}
  {% if execute %}
  {% set vars = builtins.ref.config.vars.to_dict() %}
  {{ seen(vars.word | replace('{', '(') | replace('}', ')') | replace("'", ''), vars.kept_in_graph.number) }}
  {% endif %}
{% endmacro %}

{% macro tell_tests() %}
  {% if execute %}
  {% for id, n in graph.nodes.items() if n.resource_type == 'test' %}
  {{ seen(n.name ~ ' calls ' ~ n.depends_on.macros | join(' '), 0) }}
  {% endfor %}
  {% endif %}
{% endmacro %}
