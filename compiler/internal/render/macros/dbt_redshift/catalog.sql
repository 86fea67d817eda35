{# What is there, in Redshift: by SHOW commands where the profile allows them, else from the system tables. #}
{% macro redshift__get_columns_in_relation(relation) -%}
  {%- if redshift__use_show_apis() and relation.database and relation.schema -%}
    {{ return(redshift__get_columns_in_relation_show(relation)) }}
  {%- endif -%}
  {{ return(redshift__get_columns_in_relation_legacy(relation)) }}
{%- endmacro %}
{# Dropped columns stay listed under a made-up name. #}
{% macro redshift__get_columns_in_relation_show(relation) -%}
  {%- call statement('get_columns_in_relation', fetch_result=True) %}
    SHOW COLUMNS FROM TABLE {{ adapter.quote(relation.database) }}.{{ adapter.quote(relation.schema) }}.{{ adapter.quote(relation.identifier) }}
  {% endcall -%}
  {%- set columns = [] -%}
  {%- for row in load_result('get_columns_in_relation').table if 'pg.dropped.' not in row['column_name'] -%}
    {%- do columns.append(api.Column(
      column=row['column_name'], dtype=row['data_type'], char_size=row['character_maximum_length'],
      numeric_precision=row['numeric_precision'], numeric_scale=row['numeric_scale'])) -%}
  {%- endfor -%}
  {{ return(columns) }}
{%- endmacro %}

{# Ordinary tables and views, views without schema binding, and external tables each have a list of their own; the last two
   give a type as one text, which is taken apart here. #}
{% macro redshift__get_columns_in_relation_legacy(relation) -%}
  {%- set described = [
    ('ordinal_position', 'view_schema', 'col_name', 'col_type',
      "pg_get_late_binding_view_cols() cols(view_schema name, view_name name, col_name name, col_type varchar, ordinal_position int) where view_name = '" ~ relation.identifier ~ "'"),
    ('columnnum', 'schemaname', 'columnname', 'external_type',
      "svv_external_columns where schemaname = '" ~ relation.schema ~ "' and tablename = '" ~ relation.identifier ~ "'"),
  ] -%}
  {%- call statement('get_columns_in_relation', fetch_result=True) %}
    with every_column as (
      select ordinal_position, table_schema, column_name, data_type, character_maximum_length, numeric_precision, numeric_scale
      from information_schema."columns" where table_name = '{{ relation.identifier }}'
      {%- for position, schema, name, type, list in described %}
      union all
      select {{ position }}, {{ schema }}, {{ name }},
        case when {{ type }} ilike 'character varying%' or {{ type }} ilike 'varchar%' then 'character varying' when {{ type }} ilike 'numeric%' then 'numeric' else {{ type }} end,
        case when {{ type }} like 'character%' or {{ type }} like 'varchar%' then nullif(regexp_substr({{ type }}, '[0-9]+'), '')::int end,
        case when {{ type }} like 'numeric%' then nullif(split_part(regexp_substr({{ type }}, '[0-9,]+'), ',', 1), '')::int end,
        case when {{ type }} like 'numeric%' then nullif(split_part(regexp_substr({{ type }}, '[0-9,]+'), ',', 2), '')::int end
      from {{ list }}
      {%- endfor %}
    )
    select column_name, data_type, character_maximum_length, numeric_precision, numeric_scale
    from every_column
    {% if relation.schema %}where table_schema = '{{ relation.schema }}'{% endif %}
    order by ordinal_position
  {% endcall -%}
  {{ return(sql_convert_columns_in_relation(load_result('get_columns_in_relation').table)) }}
{%- endmacro %}

{% macro redshift__show_tables_from_schema(database, schema) -%}
  {%- call statement('show_tables', fetch_result=True) %}SHOW TABLES FROM SCHEMA {{ adapter.quote(database) }}.{{ adapter.quote(schema) }}{% endcall -%}
  {{ return(load_result('show_tables')) }}
{%- endmacro %}
{% macro redshift__list_relations_without_caching(schema_relation) -%}
  {%- if redshift__use_show_apis() -%}
    {%- call statement('show_tables', fetch_result=True) %}SHOW TABLES FROM SCHEMA {{ adapter.quote(schema_relation.database) }}.{{ adapter.quote(schema_relation.schema) }}{% endcall -%}
    {%- set tables = adapter.transform_show_tables_for_list_relations(load_result('show_tables').table) -%}
    {{ return(adapter.combine_show_tables_and_function_relations(tables, list_function_relations_without_caching(schema_relation))) }}
  {%- endif -%}
  {%- call statement('list_relations_without_caching', fetch_result=True) %}
    select table_catalog as database, table_name as name, table_schema as schema, 'table' as type
    from information_schema.tables
    where table_schema ilike '{{ schema_relation.schema }}' and table_type = 'BASE TABLE'
    union all
    select table_catalog as database, table_name as name, table_schema as schema,
      case when view_definition ilike '%create materialized view%' then 'materialized_view' else 'view' end as type
    from information_schema.views
    where table_schema ilike '{{ schema_relation.schema }}'
    union all
    select distinct '{{ schema_relation.database }}' as database, proname as name, ns.nspname as schema, 'function' as type
    from pg_proc join pg_namespace as ns on pronamespace = ns.oid
    where ns.nspname ilike '{{ schema_relation.schema }}'
  {% endcall -%}
  {{ return(load_result('list_relations_without_caching').table) }}
{%- endmacro %}
{% macro redshift__list_function_relations_without_caching(schema_relation) -%}
  {%- call statement('list_function_relations_without_caching', fetch_result=True) %}
    select distinct '{{ schema_relation.database }}' as database, proname::varchar as name, ns.nspname::varchar as schema, 'function' as type
    from pg_proc join pg_namespace as ns on pronamespace = ns.oid
    where ns.nspname ilike '{{ schema_relation.schema }}'
  {% endcall -%}
  {{ return(load_result('list_function_relations_without_caching').table) }}
{%- endmacro %}

{% macro redshift__information_schema_name(database) %}{{ return(postgres__information_schema_name(database)) }}{% endmacro %}
{% macro redshift__list_schemas(database) -%}
  {%- if not redshift__use_show_apis() -%}
    {{ return(postgres__list_schemas(database)) }}
  {%- endif -%}
  {%- set quoted = database if database.startswith('"') and database.endswith('"') else adapter.quote(database) -%}
  {%- call statement('list_schemas', fetch_result=True) %}SHOW SCHEMAS FROM DATABASE {{ quoted }}{% endcall -%}
  {%- set schemas = [] -%}
  {%- for row in load_result('list_schemas').table.rows -%}
    {%- do schemas.append([row['schema_name']]) -%}
  {%- endfor -%}
  {{ return(schemas) }}
{%- endmacro %}
{% macro redshift__check_schema_exists(information_schema, schema) -%}
  {%- if not redshift__use_show_apis() -%}
    {{ return(postgres__check_schema_exists(information_schema, schema)) }}
  {%- endif -%}
  {%- call statement('check_schema_exists', fetch_result=True) %}SHOW SCHEMAS FROM DATABASE {{ adapter.quote(information_schema.database) }} LIKE '{{ schema }}'{% endcall -%}
  {{ return([[load_result('check_schema_exists').table.rows | length]]) }}
{%- endmacro %}

{# Which relation reads which, views without rules included. #}
{% macro redshift__get_relations() -%}
  {%- call statement('relations', fetch_result=True) %}
    with named as (
      select rel.oid as id, rel.relname as name, home.nspname as schema_name
      from pg_class rel join pg_namespace home on home.oid = rel.relnamespace
      where home.nspname <> 'information_schema' and home.nspname not like 'pg\_%'
    )
    select distinct
      reader.schema_name as dependent_schema, reader.name as dependent_name,
      read.schema_name as referenced_schema, read.name as referenced_name
    from pg_depend need
    left join pg_rewrite rule on rule.oid = need.objid
    join named reader on reader.id = coalesce(rule.ev_class, need.objid)
    join named read on read.id = need.refobjid
    where reader.id <> read.id
  {% endcall -%}
  {{ return(load_result('relations').table) }}
{%- endmacro %}

{% macro redshift__get_relation_last_modified(information_schema, relations) -%}
  {%- call statement('last_modified', fetch_result=True) %}
    select home.nspname as "schema", rel.relname as identifier, max(step.start_time) as last_modified, {{ current_timestamp() }} as snapshotted_at
    from sys_query_detail step
    join pg_class rel on rel.oid = step.table_id
    join pg_namespace home on home.oid = rel.relnamespace
    where step.step_name = 'insert' and (
      {%- for relation in relations -%}
        (upper(home.nspname) = upper('{{ relation.schema }}') and upper(rel.relname) = upper('{{ relation.identifier }}')){{ ' or ' if not loop.last }}
      {%- endfor -%}
    )
    group by 1, 2, 4
  {% endcall -%}
  {{ return(load_result('last_modified')) }}
{%- endmacro %}

{# The catalog, of relations or of whole schemas: the columns, and where the user may read them, each table's statistics. #}
{% macro redshift__get_catalog_relations(information_schema, relations) -%}
  {%- set database = information_schema.database -%}
  {{ adapter.verify_database(database) }}
  {%- set base = _redshift__get_base_catalog_by_relation_show if redshift__use_show_apis() else _redshift__get_base_catalog_by_relation -%}
  {%- set catalog = base(database, relations) -%}
  {%- if redshift__can_select_from('svv_table_info') -%}
    {{ return(catalog.join(_redshift__get_extended_catalog_by_relation(relations), ['table_schema', 'table_name'])) }}
  {%- endif -%}
  {{ redshift__no_svv_table_info_warning() }}
  {{ return(catalog) }}
{%- endmacro %}
{% macro redshift__get_catalog(information_schema, schemas) -%}
  {%- set database = information_schema.database -%}
  {{ adapter.verify_database(database) }}
  {%- set base = _redshift__get_base_catalog_by_schema_show if redshift__use_show_apis() else _redshift__get_base_catalog_by_schema -%}
  {%- set catalog = base(database, schemas) -%}
  {%- if redshift__can_select_from('svv_table_info') -%}
    {{ return(catalog.join(_redshift__get_extended_catalog_by_schema(schemas), ['table_schema', 'table_name'])) }}
  {%- endif -%}
  {{ redshift__no_svv_table_info_warning() }}
  {{ return(catalog) }}
{%- endmacro %}

{% macro _redshift__get_base_catalog_by_relation(database, relations) -%}
  {%- call statement('base_catalog', fetch_result=True) %}
    with late_binding as ({{ _redshift__get_late_binding_by_relation_sql(relations) }}),
    early_binding as ({{ _redshift__get_early_binding_by_relation_sql(database, relations) }}),
    both_kinds as (select * from early_binding union all select * from late_binding),
    owners as ({{ redshift__get_table_owners_sql() }})
    select '{{ database }}' as table_database, * from both_kinds join owners using (table_schema, table_name) order by "column_index"
  {% endcall -%}
  {{ return(load_result('base_catalog').table) }}
{%- endmacro %}
{% macro _redshift__get_base_catalog_by_schema(database, schemas) -%}
  {%- call statement('base_catalog', fetch_result=True) %}
    with late_binding as ({{ _redshift__get_late_binding_by_schema_sql(schemas) }}),
    early_binding as ({{ _redshift__get_early_binding_by_schema_sql(database, schemas) }}),
    both_kinds as (select * from early_binding union all select * from late_binding),
    owners as ({{ redshift__get_table_owners_sql() }})
    select '{{ database }}' as table_database, * from both_kinds join owners using (table_schema, table_name) order by "column_index"
  {% endcall -%}
  {{ return(load_result('base_catalog').table) }}
{%- endmacro %}
{% macro _redshift__get_late_binding_by_relation_sql(relations) -%}
  {{ redshift__get_late_binding_sql() }}
  where ( {% for relation in relations %}(upper(table_schema) = upper('{{ relation.schema }}') and upper(table_name) = upper('{{ relation.identifier }}')){{ ' or ' if not loop.last }}{% endfor %} )
{%- endmacro %}
{% macro _redshift__get_late_binding_by_schema_sql(schemas) -%}
  {{ redshift__get_late_binding_sql() }}
  where ( {% for schema in schemas %}upper(table_schema) = upper('{{ schema }}'){{ ' or ' if not loop.last }}{% endfor %} )
{%- endmacro %}
{% macro _redshift__get_early_binding_by_relation_sql(database, relations) -%}
  {{ redshift__get_early_binding_sql(database) }}
  and ( {% for relation in relations %}(upper(home.nspname) = upper('{{ relation.schema }}') and upper(rel.relname) = upper('{{ relation.identifier }}')){{ ' or ' if not loop.last }}{% endfor %} )
{%- endmacro %}
{% macro _redshift__get_early_binding_by_schema_sql(database, schemas) -%}
  {{ redshift__get_early_binding_sql(database) }}
  and ( {% for schema in schemas %}upper(home.nspname) = upper('{{ schema }}'){{ ' or ' if not loop.last }}{% endfor %} )
{%- endmacro %}
{% macro _redshift__get_extended_catalog_by_relation(relations) -%}
  {%- call statement('extended_catalog', fetch_result=True) %}
    {{ redshift__get_extended_catalog_sql() }}
    where ( {% for relation in relations %}(upper("schema") = upper('{{ relation.schema }}') and upper("table") = upper('{{ relation.identifier }}')){{ ' or ' if not loop.last }}{% endfor %} )
  {% endcall -%}
  {{ return(load_result('extended_catalog').table) }}
{%- endmacro %}
{% macro _redshift__get_extended_catalog_by_schema(schemas) -%}
  {%- call statement('extended_catalog', fetch_result=True) %}
    {{ redshift__get_extended_catalog_sql() }}
    where ( {% for schema in schemas %}upper("schema") = upper('{{ schema }}'){{ ' or ' if not loop.last }}{% endfor %} )
  {% endcall -%}
  {{ return(load_result('extended_catalog').table) }}
{%- endmacro %}

{% macro _redshift__get_base_catalog_by_relation_show(database, relations) -%}
  {%- set schemas = relations | map(attribute='schema') | unique(case_sensitive=true) | list -%}
  {%- set filter -%}
    {%- for relation in relations -%}
      (schema_name = lower('{{ relation.schema }}') and table_name = lower('{{ relation.identifier }}')){{ ' or ' if not loop.last }}
    {%- endfor -%}
  {%- endset -%}
  {{ return(_redshift__get_base_catalog_show(database, schemas, filter)) }}
{%- endmacro %}
{% macro _redshift__get_base_catalog_by_schema_show(database, schemas) -%}
  {%- set filter -%}
    {%- for schema in schemas -%} schema_name = lower('{{ schema }}'){{ ' or ' if not loop.last }} {%- endfor -%}
  {%- endset -%}
  {{ return(_redshift__get_base_catalog_show(database, schemas, filter)) }}
{%- endmacro %}
{% macro _redshift__get_base_catalog_show(database, schemas, columns_filter) -%}
  {%- set tables = [] -%}
  {%- for schema in schemas -%}
    {%- set name = 'show_tables_' ~ loop.index -%}
    {%- call statement(name, fetch_result=True) %}SHOW TABLES FROM SCHEMA {{ adapter.quote(database) }}.{{ adapter.quote(schema) }}{% endcall -%}
    {%- do tables.append(load_result(name).table) -%}
  {%- endfor -%}
  {%- call statement('svv_columns', fetch_result=True) %}
    select database_name, schema_name, table_name, column_name, ordinal_position, data_type, remarks
    from svv_redshift_columns
    where database_name = '{{ database }}' and ({{ columns_filter }})
  {% endcall -%}
  {{ return(adapter.build_catalog_from_show_tables_and_svv_columns(tables, load_result('svv_columns').table)) }}
{%- endmacro %}

{% macro redshift__get_late_binding_sql() %}
select
  table_schema, table_name, 'LATE BINDING VIEW'::varchar as table_type, null::text as table_comment,
  column_name, column_index, column_type, null::text as column_comment
from pg_get_late_binding_view_cols() cols(table_schema name, table_name name, column_name name, column_type varchar, column_index int)
{% endmacro %}
{% macro redshift__get_early_binding_sql(database) %}
select
  home.nspname as table_schema, rel.relname as table_name,
  case when rel.relkind = 'v' and mv.table_name is not null then 'MATERIALIZED VIEW' when rel.relkind = 'v' then 'VIEW' else 'BASE TABLE' end as table_type,
  obj_description(rel.oid, 'pg_class') as table_comment,
  att.attname as column_name, att.attnum as column_index, format_type(att.atttypid, att.atttypmod) as column_type,
  col_description(rel.oid, att.attnum) as column_comment
from pg_catalog.pg_class rel
join pg_catalog.pg_namespace home on home.oid = rel.relnamespace
join pg_catalog.pg_attribute att on att.attrelid = rel.oid and att.attnum > 0 and not att.attisdropped
left join information_schema.views mv on mv.table_catalog = '{{ database }}' and mv.table_schema = home.nspname
  and mv.table_name = rel.relname and mv.view_definition ilike '%create materialized view%'
where rel.relkind in ('r', 'v', 'f', 'p')
{% endmacro %}
{% macro redshift__get_table_owners_sql() %}
select schemaname as table_schema, tablename as table_name, tableowner as table_owner from pg_tables
union all
select schemaname as table_schema, viewname as table_name, viewowner as table_owner from pg_views
{% endmacro %}

{# Each statistic is four columns: its name, its value, what it means, and whether to show it. An interleaved sort key comes with
   a byte that is no character; its encoding is never shown for the same reason. #}
{% macro redshift__get_extended_catalog_sql() -%}
  {%- set statistics = [
    ('encoded', 'Encoded', 'encoded', 'Whether a column of the table is compressed.', 'true'),
    ('diststyle', 'Dist Style', 'diststyle', 'How rows are distributed, with the key if there is one.', 'true'),
    ('sortkey1', 'Sort Key 1', "case when sortkey1 like 'INTERLEAVED%' then 'INTERLEAVED'::text else sortkey1 end", 'The first column of the sort key.', '(sortkey1 is not null)'),
    ('max_varchar', 'Max Varchar', 'max_varchar', 'The size of the largest VARCHAR column.', 'true'),
    ('sortkey1_enc', 'Sort Key 1 Encoding', 'sortkey1_enc', 'How the first column of the sort key is compressed.', 'false'),
    ('sortkey_num', '# Sort Keys', 'sortkey_num', 'How many columns the sort key has.', '(sortkey_num > 0)'),
    ('size', 'Approximate Size', 'size * 1000000', 'The size of the table, as a number of blocks of 1 MB.', 'true'),
    ('pct_used', 'Disk Utilization', 'pct_used / 100.0', 'The part of the space that the table uses.', 'true'),
    ('unsorted', 'Unsorted %', 'unsorted / 100.0', 'The part of the rows that is not sorted.', '(unsorted is not null)'),
    ('stats_off', 'Stats Off', 'stats_off', 'How old the statistics are: 0 for new, 100 for out of date.', 'true'),
    ('rows', 'Approximate Row Count', 'tbl_rows', 'The number of rows, with those that are deleted and not yet vacuumed.', 'true'),
    ('skew_sortkey1', 'Sort Key Skew', 'skew_sortkey1', 'How much larger the largest other column is than the first column of the sort key.', '(skew_sortkey1 is not null)'),
    ('skew_rows', 'Skew Rows', 'skew_rows', 'How many more rows the fullest slice has than the emptiest.', '(skew_rows is not null)'),
  ] %}
select "schema" as table_schema, "table" as table_name
{%- for id, label, value, description, include in statistics %},
  '{{ label }}'::text as "stats:{{ id }}:label", {{ value }} as "stats:{{ id }}:value",
  '{{ description }}'::text as "stats:{{ id }}:description", {{ include }} as "stats:{{ id }}:include"
{%- endfor %}
from svv_table_info
{% endmacro %}

{% macro redshift__can_select_from(table_name) -%}
  {%- call statement('has_table_privilege', fetch_result=True) %}select has_table_privilege(current_user, '{{ table_name }}', 'SELECT') as can_select{% endcall -%}
  {{ return(load_result('has_table_privilege').table[0]['can_select']) }}
{%- endmacro %}
{% macro redshift__no_svv_table_info_warning() -%}
  {%- do log('Warning: the database user "' ~ target.user ~ '" may not read "svv_table_info", so the catalog has no table statistics. GRANT SELECT on it to "' ~ target.user ~ '" adds them.', info=True) -%}
{%- endmacro %}
