{% set there = load_relation(ref('made')) %}
{% set by_name = adapter.get_relation(target.database, target.schema, 'reads') %}
-- depends_on: {{ ref('reads') }}
select {{ 'true' if there else 'false' }} as there, '{{ there.type }}' as kind, {{ 'true' if by_name else 'false' }} as by_name,
  {{ adapter.get_columns_in_relation(there) | length if there else 0 }} as columns
