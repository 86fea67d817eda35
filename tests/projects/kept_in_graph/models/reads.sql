-- depends_on: {{ ref('made') }}
{{ config(materialized='table') }}
{% if execute %}
select {{ graph.notes.start }} as start, {{ graph['notes'].get('made', 0) }} as made, {{ graph.notes.get('post made', 0) }} as post
{% else %}
select 0 as start, 0 as made, 0 as post
{% endif %}
