{# What is there, from PostgreSQL's system catalogs. #}
{% macro postgres__get_columns_in_relation(relation) -%}
  {%- call statement('get_columns_in_relation', fetch_result=True) %}
    select column_name, data_type, character_maximum_length, numeric_precision, numeric_scale
    from {{ relation.information_schema('columns') }}
    where table_name = '{{ relation.identifier }}'
    {% if relation.schema %}and table_schema = '{{ relation.schema }}'{% endif %}
    order by ordinal_position
  {% endcall -%}
  {{ return(sql_convert_columns_in_relation(load_result('get_columns_in_relation').table)) }}
{%- endmacro %}

{% macro postgres__list_relations_without_caching(schema_relation) -%}
  {%- set database, schema = schema_relation.database, schema_relation.schema -%}
  {%- call statement('list_relations_without_caching', fetch_result=True) -%}
    {%- for list, column, type in [('pg_tables', 'tablename', 'table'), ('pg_views', 'viewname', 'view'), ('pg_matviews', 'matviewname', 'materialized_view')] %}
      select '{{ database }}' as database, {{ column }} as name, schemaname as schema, '{{ type }}' as type
      from {{ list }} where schemaname ilike '{{ schema }}'
      union all
    {%- endfor %}
      select distinct '{{ database }}' as database, proname as name, ns.nspname as schema, 'function' as type
      from pg_proc join pg_namespace as ns on pronamespace = ns.oid
      where ns.nspname ilike '{{ schema }}'
  {% endcall -%}
  {{ return(load_result('list_relations_without_caching').table) }}
{%- endmacro %}

{% macro postgres__information_schema_name(database) -%}
  {%- if database_name -%} {{ adapter.verify_database(database_name) }} {%- endif -%}
  information_schema
{%- endmacro %}
{% macro postgres__list_schemas(database) -%}
  {%- if database -%} {{ adapter.verify_database(database) }} {%- endif -%}
  {%- call statement('list_schemas', fetch_result=True, auto_begin=False) %}select distinct nspname from pg_namespace{% endcall -%}
  {{ return(load_result('list_schemas').table) }}
{%- endmacro %}
{% macro postgres__check_schema_exists(information_schema, schema) -%}
  {%- if information_schema.database -%} {{ adapter.verify_database(information_schema.database) }} {%- endif -%}
  {%- call statement('check_schema_exists', fetch_result=True, auto_begin=False) %}select count(*) from pg_namespace where nspname = '{{ schema }}'{% endcall -%}
  {{ return(load_result('check_schema_exists').table) }}
{%- endmacro %}

{# Columns of relations, or of whole schemas where a relation has no identifier. Temporary tables are left out. #}
{% macro postgres__get_catalog_relations(information_schema, relations) -%}
  {%- call statement('catalog', fetch_result=True) -%}
    {{ adapter.verify_database(information_schema.database) }}
    select
      '{{ information_schema.database }}' as table_database, home.nspname as table_schema, rel.relname as table_name,
      case rel.relkind when 'v' then 'VIEW' when 'm' then 'MATERIALIZED VIEW' else 'BASE TABLE' end as table_type,
      obj_description(rel.oid, 'pg_class') as table_comment,
      att.attname as column_name, att.attnum as column_index, format_type(att.atttypid, att.atttypmod) as column_type,
      col_description(rel.oid, att.attnum) as column_comment,
      pg_get_userbyid(rel.relowner) as table_owner
    from pg_class rel
    join pg_namespace home on home.oid = rel.relnamespace
    join pg_attribute att on att.attrelid = rel.oid and att.attnum > 0 and not att.attisdropped
    where rel.relkind in ('r', 'v', 'f', 'p', 'm') and rel.relpersistence in ('p', 'u') and not pg_is_other_temp_schema(home.oid)
      and (
      {%- for relation in relations -%}
        (upper(home.nspname) = upper('{{ relation.schema }}') {%- if relation.identifier %} and upper(rel.relname) = upper('{{ relation.identifier }}'){% endif %})
        {{- ' or ' if not loop.last }}
      {%- endfor -%}
      )
    order by 2, 3, att.attnum
  {%- endcall -%}
  {{ return(load_result('catalog').table) }}
{%- endmacro %}
{% macro postgres__get_catalog(information_schema, schemas) -%}
  {%- set relations = [] -%}
  {%- for schema in schemas -%}
    {%- do relations.append({'schema': schema}) -%}
  {%- endfor -%}
  {{ return(postgres__get_catalog_relations(information_schema, relations)) }}
{%- endmacro %}

{# Which view reads which relation: a view is an entry of pg_class with a rule, and what the rule needs is what the view reads. #}
{% macro postgres__get_relations() -%}
  {%- call statement('relations', fetch_result=True) %}
    select distinct
      reader_home.nspname as dependent_schema, reader.relname as dependent_name,
      read_home.nspname as referenced_schema, read.relname as referenced_name
    from pg_rewrite rule
    join pg_class reader on reader.oid = rule.ev_class
    join pg_namespace reader_home on reader_home.oid = reader.relnamespace
    join pg_depend need on need.objid = rule.oid and need.classid = 'pg_rewrite'::regclass
      and need.refclassid = 'pg_class'::regclass and need.refobjid <> reader.oid
    join pg_class read on read.oid = need.refobjid
    join pg_namespace read_home on read_home.oid = read.relnamespace
    where read_home.nspname <> 'information_schema' and read_home.nspname not like 'pg\_%'
    order by 1, 2, 3, 4
  {% endcall -%}
  {{ return(load_result('relations').table) }}
{%- endmacro %}
{% macro postgres_get_relations() %}{{ return(postgres__get_relations()) }}{% endmacro %}
