{% if execute %}
select
{%- for n in graph.nodes.values() | selectattr('resource_type', 'equalto', 'model') | sort(attribute='name') %}
 '{{ n.name }} {{ n.config.materialized }} {{ n.relation_name }}' as c{{ loop.index }}{{ ',' if not loop.last }}
{%- endfor %}
{%- for s in graph.sources.values() | sort(attribute='unique_id') %}
 , '{{ s.source_name }}.{{ s.name }}.{{ s.identifier }}' as s{{ loop.index }}
{%- endfor %}
{% endif %}
