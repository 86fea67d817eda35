{# Materialized views in Redshift: what they are made of, and what can change in place (auto refresh). #}
{% macro redshift__get_create_materialized_view_as_sql(relation, sql) -%}
  {%- set view = relation.from_config(config.model) %}
create materialized view {{ view.path }}
backup {{ 'yes' if view.backup else 'no' }}
diststyle {{ view.dist.diststyle }}
{% if view.dist.distkey %}distkey ({{ view.dist.distkey }}){% endif %}
{% if view.sort.sortkey %}sortkey ({{ view.sort.sortkey | join(',') }}){% endif %}
auto refresh {{ 'yes' if view.autorefresh else 'no' }}
as (
  {{ view.query }}
)
{% endmacro %}
{% macro redshift__refresh_materialized_view(relation) %}refresh materialized view {{ relation }}{% endmacro %}

{% macro redshift__get_alter_materialized_view_as_sql(relation, configuration_changes, sql, existing_relation, backup_relation, intermediate_relation) -%}
  {%- if configuration_changes.requires_full_refresh -%}
    {{ get_replace_sql(existing_relation, relation, sql) }}
  {%- else -%}
    {%- set autorefresh = configuration_changes.autorefresh -%}
    {%- if autorefresh -%}
      {%- do log('Applying UPDATE AUTOREFRESH to: ' ~ relation) -%}
    {%- endif -%}
    alter materialized view {{ relation }} auto refresh {{ 'yes' if autorefresh.context else 'no' }}
  {%- endif -%}
{%- endmacro %}
{% macro redshift__get_materialized_view_configuration_changes(existing_relation, new_config) -%}
  {%- set present = redshift__describe_materialized_view(existing_relation) -%}
  {{ return(existing_relation.materialized_view_config_changeset(present, new_config.model)) }}
{%- endmacro %}

{# Three tables: the view's attributes, its query, and the columns of the table behind it with their part in distribution and
   order. svv_mv_info can be read on serverless workgroups too. #}
{% macro redshift__describe_materialized_view(relation) -%}
  {%- set attributes %}
    select info."database", info."schema", info."table", info.diststyle, info.sortkey1, mv.autorefresh
    from svv_table_info info
    left join svv_mv_info mv on mv.database_name = info."database" and mv.schema_name = info."schema" and mv.name = info."table"
    where info."database" ilike '{{ relation.database }}' and info."schema" ilike '{{ relation.schema }}' and info."table" ilike '{{ relation.identifier }}'
  {% endset -%}
  {%- set columns %}
    select att.attname as "column", att.attisdistkey as is_dist_key, att.attsortkeyord as sort_key_position
    from pg_attribute att
    join pg_class rel on rel.oid = att.attrelid
    join pg_namespace home on home.oid = rel.relnamespace
    where home.nspname ilike '{{ relation.schema }}' and rel.relname like 'mv_tbl__{{ relation.identifier }}__%'
  {% endset -%}
  {%- set query %}
    select definition from pg_views
    where schemaname = '{{ relation.schema }}' and viewname = '{{ relation.identifier }}' and definition ilike '%create materialized view%'
  {% endset -%}
  {%- set attributes, columns, query = run_query(attributes), run_query(columns), run_query(query) -%}
  {{ return({'materialized_view': attributes, 'query': query, 'columns': columns}) }}
{%- endmacro %}
