-- What a hook is told depends on when it is rendered: before the relation is built, or after.
{% macro note_before(relation) %}
  {% if execute %}
    {% set there = adapter.get_relation(relation.database, relation.schema, relation.identifier) %}
    {% set rows = run_query('select count(*) from ' ~ relation).columns[0].values()[0] if there else 0 %}
    insert into log_of_hooks values ('before: {{ there.type if there else "absent" }}, {{ rows }} rows', '{{ relation.identifier }}')
  {% endif %}
{% endmacro %}

{% macro note(relation) %}
  {% if execute %}
    {% set columns = adapter.get_columns_in_relation(relation) | map(attribute='name') | join(',') %}
    {% set rows = run_query('select count(*) from ' ~ relation).columns[0].values()[0] %}
    insert into log_of_hooks values ('within: {{ rows }} rows, columns {{ columns }}', '{{ relation.identifier }}')
  {% endif %}
{% endmacro %}

{% macro adds_nothing(relation) %}
  {% do run_query("insert into log_of_hooks select 'rows', max(id)::varchar from " ~ relation) if execute %}
{% endmacro %}
