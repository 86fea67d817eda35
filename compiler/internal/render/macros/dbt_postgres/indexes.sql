{# Indexes in PostgreSQL, and the materialized views that carry them. #}
{% macro postgres__get_create_index_sql(relation, index_dict) -%}
  {%- set index = adapter.parse_index(index_dict) -%}
  create {{ 'unique' if index.unique }} index if not exists "{{ index.render(relation) }}"
  on {{ relation }} {% if index.type %}using {{ index.type }}{% endif %} ({{ index.columns | join(', ') }})
{%- endmacro %}
{% macro postgres__get_drop_index_sql(relation, index_name) %}drop index if exists "{{ relation.schema }}"."{{ index_name }}"{% endmacro %}

{# The indexes of a relation: name, method, unique, column_names (joined by commas, in the order of the table). #}
{% macro postgres__get_show_indexes_sql(relation) %}
select entry.relname as name, method.amname as method, ix.indisunique as "unique", string_agg(col.attname, ',') as column_names
from pg_index ix
join pg_class entry on entry.oid = ix.indexrelid
join pg_am method on method.oid = entry.relam
join pg_class owner on owner.oid = ix.indrelid and owner.relkind in ('r', 'm')
join pg_namespace home on home.oid = owner.relnamespace
join pg_attribute col on col.attrelid = owner.oid and col.attnum = any(ix.indkey)
where home.nspname = '{{ relation.schema }}' and owner.relname = '{{ relation.identifier }}'
group by entry.relname, method.amname, ix.indisunique
order by 1, 2, 3
{% endmacro %}

{% macro postgres__get_create_materialized_view_as_sql(relation, sql) %}
create materialized view if not exists {{ relation }} as {{ sql }};
{% for index in config.get('indexes', []) -%}
  {{ get_create_index_sql(relation, index) }}{{ ';' if not loop.last }}
{%- endfor %}
{% endmacro %}
{% macro postgres__drop_materialized_view(relation) %}drop materialized view if exists {{ relation }} cascade{% endmacro %}
{% macro postgres__refresh_materialized_view(relation) %}refresh materialized view {{ relation }}{% endmacro %}
{% macro postgres__get_rename_materialized_view_sql(relation, new_name) %}alter materialized view {{ relation }} rename to {{ new_name }}{% endmacro %}

{# Only indexes can change in place. #}
{% macro postgres__describe_materialized_view(relation) %}{{ return({'indexes': run_query(get_show_indexes_sql(relation))}) }}{% endmacro %}
{% macro postgres__get_materialized_view_configuration_changes(existing_relation, new_config) -%}
  {%- set present = postgres__describe_materialized_view(existing_relation) -%}
  {{ return(existing_relation.get_materialized_view_config_change_collection(present, new_config.model)) }}
{%- endmacro %}
{% macro postgres__get_alter_materialized_view_as_sql(relation, configuration_changes, sql, existing_relation, backup_relation, intermediate_relation) -%}
  {%- if configuration_changes.requires_full_refresh -%}
    {{ get_replace_sql(existing_relation, relation, sql) }}
  {%- else -%}
    {{ postgres__update_indexes_on_materialized_view(relation, configuration_changes.indexes) }}
  {%- endif -%}
{%- endmacro %}
{% macro postgres__update_indexes_on_materialized_view(relation, index_changes) -%}
  {%- do log('Applying UPDATE INDEXES to: ' ~ relation) -%}
  {%- for change in index_changes -%}
    {%- if change.action == 'drop' -%}
      {{ postgres__get_drop_index_sql(relation, change.context.name) }}
    {%- elif change.action == 'create' -%}
      {{ postgres__get_create_index_sql(relation, change.context.as_node_config) }}
    {%- endif -%}
    {{ ';' if not loop.last }}
  {%- endfor -%}
{%- endmacro %}
