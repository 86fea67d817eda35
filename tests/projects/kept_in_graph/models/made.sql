{{ config(materialized='incremental') }}
{% do graph.setdefault('notes', {}).update({'made': 2}) %}
select 1 as id, 'a' as name{% if is_incremental() %} where false{% endif %}
