-- depends_on: {{ ref('base') }}
{% set there = adapter.get_relation(database=target.database, schema=target.schema, identifier='base') %}
{% set gone = adapter.get_relation(database=target.database, schema=target.schema, identifier='no_such_table') %}
select {{ 'true' if there else 'false' }} as there, {{ 'true' if gone is none else 'false' }} as gone, '{{ there.type if there else '' }}' as kind,
  {{ adapter.check_schema_exists(target.database, target.schema) | lower }} as schema_there
