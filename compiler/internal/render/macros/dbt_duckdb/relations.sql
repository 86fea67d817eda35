{# Tables, views and schemas in DuckDB. #}

{# An attached database of another engine knows schemas in its own way: SQLite has one, MySQL's are made elsewhere. #}
{% macro duckdb__create_schema(relation) -%}
  {%- call statement('create_schema') -%}
    {%- set foreign = run_query("select type from duckdb_databases() where lower(database_name)='" ~ relation.database | lower ~ "' and type != 'duckdb'") -%}
    {%- set engine = foreign.columns[0].values()[0] if foreign | length else 'duckdb' -%}
    {%- if engine == 'sqlite' and relation.schema != 'main' -%}
      {{ exceptions.raise_compiler_error("Schema must be 'main' when writing to sqlite instead got " ~ relation.schema) }}
    {%- elif engine not in ['sqlite', 'mysql'] -%}
      create schema if not exists {{ relation.without_identifier() }}
    {%- endif -%}
  {%- endcall -%}
{%- endmacro %}
{% macro duckdb__drop_schema(relation) -%}
  {%- call statement('drop_schema') %}drop schema if exists {{ relation.without_identifier() }} cascade{% endcall -%}
{%- endmacro %}
{% macro duckdb__list_schemas(database) -%}
  {%- set condition = " where lower(catalog_name) = '" ~ database | lower ~ "'" if database is not none else '' -%}
  {{ return(run_query('select schema_name from system.information_schema.schemata' ~ condition)) }}
{%- endmacro %}
{% macro duckdb__check_schema_exists(information_schema, schema) -%}
  {{ return(run_query("select count(*) from system.information_schema.schemata where lower(schema_name) = '" ~ schema | lower
      ~ "' and lower(catalog_name) = '" ~ information_schema.database | lower ~ "'")) }}
{%- endmacro %}
{% macro duckdb__list_relations_without_caching(schema_relation) -%}
  {%- call statement('list_relations_without_caching', fetch_result=True) %}
    select '{{ schema_relation.database }}' as database, table_name as name, table_schema as schema,
      CASE table_type WHEN 'BASE TABLE' THEN 'table' WHEN 'VIEW' THEN 'view' WHEN 'LOCAL TEMPORARY' THEN 'table' END as type
    from system.information_schema.tables
    where lower(table_schema) = '{{ schema_relation.schema | lower }}' and lower(table_catalog) = '{{ schema_relation.database | lower }}'
  {% endcall -%}
  {{ return(load_result('list_relations_without_caching').table) }}
{%- endmacro %}
{% macro duckdb__get_columns_in_relation(relation) -%}
  {%- call statement('get_columns_in_relation', fetch_result=True) %}
    select column_name, column_type as data_type,
      {% for property in ['character_maximum_length', 'numeric_precision', 'numeric_scale'] %}cast(null as bigint) as {{ property }}{{ ', ' if not loop.last }}{% endfor %}
    from (describe {{ relation.render() }})
  {% endcall -%}
  {{ return(sql_convert_columns_in_relation(load_result('get_columns_in_relation').table)) }}
{%- endmacro %}

{# The header is a statement of its own here. #}
{% macro duckdb__get_empty_subquery_sql(select_sql, select_sql_header=none) -%}
  {%- if select_sql_header is not none -%}
    {%- do run_query(select_sql_header) -%}
  {%- endif -%}
  {{ default__get_empty_subquery_sql(select_sql) }}
{%- endmacro %}

{# The promised columns in parentheses, as an INSERT names them. #}
{% macro get_column_names() -%}
  ( {% for key, column in model['columns'].items() %}{{ adapter.quote(column['name']) if column.get('quote') else column['name'] }} {{ ',' if not loop.last }}{% endfor %} )
{%- endmacro %}

{# Partitioning and sorting are attributes of DuckLake tables; elsewhere they are left out with a warning. A name that is not
   this node's own is a step on the way, which needs neither. #}
{% macro duckdb__get_partitioned_by(relation, temporary) -%}
  {%- set wanted = config.get('partitioned_by', none) or config.get('partition_by', none) -%}
  {%- if temporary or wanted is none or wanted == '' -%}
    {{ return(none) }}
  {%- endif -%}
  {%- set columns = normalize_string_or_list(wanted, 'partitioned_by/partition_by') -%}
  {%- if not columns -%}
    {%- do exceptions.raise_compiler_error('partitioned_by/partition_by must contain at least one column') -%}
  {%- endif -%}
  {%- set step = config.get('materialized') in ['table', 'incremental'] and relation.identifier and this.identifier and relation.identifier != this.identifier -%}
  {%- if step or not adapter.is_ducklake(relation) -%}
    {%- if not step -%}
      {%- do adapter.warn_once('partitioned_by/partition_by is only supported for DuckLake relations; ignoring for ' ~ relation) -%}
    {%- endif -%}
    {{ return(none) }}
  {%- endif -%}
  {{ return(columns | join(', ')) }}
{%- endmacro %}
{% macro duckdb__get_sorted_by(relation, temporary) -%}
  {%- set wanted = config.get('sort_by', none) if config.get('sorted_by', none) is none else config.get('sorted_by') -%}
  {%- if temporary or wanted is none -%}
    {{ return(none) }}
  {%- endif -%}
  {%- set columns = normalize_string_or_list(wanted, 'sorted_by/sort_by') -%}
  {%- if not columns -%}
    {%- do exceptions.raise_compiler_error('sorted_by/sort_by must contain at least one column') -%}
  {%- endif -%}
  {%- set step = config.get('materialized') in ['table', 'incremental'] and relation.identifier and this.identifier and relation.identifier != this.identifier -%}
  {%- if step or not adapter.is_ducklake(relation) -%}
    {%- if not step -%}
      {%- do adapter.warn_once('sorted_by/sort_by is only supported for DuckLake relations; ignoring for ' ~ relation) -%}
    {%- endif -%}
    {{ return(none) }}
  {%- endif -%}
  {%- set quoted = [] -%}
  {%- for column in columns -%}
    {%- do quoted.append(adapter.quote(column | replace('"', '""'))) -%}
  {%- endfor -%}
  {{ return(quoted | join(', ')) }}
{%- endmacro %}
{% macro duckdb__alter_table_set_partitioned_by(relation, partitioned_by) %}alter table {{ relation }} set partitioned by ({{ partitioned_by }});{% endmacro %}
{% macro duckdb__alter_table_set_sorted_by(relation, sorted_by) %}alter table {{ relation }} set sorted by ({{ sorted_by }});{% endmacro %}

{# A table with attributes is created empty, gets them, and is filled after that. #}
{% macro create_table_as(temporary, relation, compiled_code, language='sql', partitioned_by=none, sorted_by=none) -%}
  {{ return(adapter.dispatch('create_table_as', 'dbt')(temporary, relation, compiled_code, language, partitioned_by=partitioned_by, sorted_by=sorted_by)) }}
{%- endmacro %}
{% macro duckdb__create_table_as(temporary, relation, compiled_code, language='sql', partitioned_by=none, sorted_by=none) -%}
  {%- if language == 'python' -%}
    {{ py_write_table(temporary=temporary, relation=relation, compiled_code=compiled_code, partitioned_by=partitioned_by, sorted_by=sorted_by) }}
  {%- elif language != 'sql' -%}
    {%- do exceptions.raise_compiler_error("duckdb__create_table_as macro didn't get supported language, it got " ~ language) -%}
  {%- else -%}
    {%- set contract = config.get('contract') -%}
    {%- set attributes -%}
      {%- if partitioned_by %} {{ duckdb__alter_table_set_partitioned_by(relation, partitioned_by) }} {% endif -%}
      {%- if sorted_by %} {{ duckdb__alter_table_set_sorted_by(relation, sorted_by) }} {% endif -%}
    {%- endset -%}
    {%- if contract.enforced -%} {{ get_assert_columns_equivalent(compiled_code) }} {%- endif %}
    {{ config.get('sql_header') or '' }}
    create {{ 'temporary' if temporary }} table {{ relation.include(database=(not temporary), schema=(not temporary)) }}
    {% if contract.enforced and not temporary -%}
      {{ get_table_columns_and_constraints() }} ;
      {{ attributes }}
      insert into {{ relation }} {{ get_column_names() }} ( {{ get_select_subquery(compiled_code) }} );
    {%- elif partitioned_by or sorted_by -%}
      as (
        select * from (
          {{ compiled_code }}
        ) as model_subq
        limit 0
      );
      {{ attributes }}
      insert into {{ relation }}
      select * from (
        {{ compiled_code }}
      ) as model_subq;
    {%- else -%}
      as (
        {{ compiled_code }}
      );
    {%- endif -%}
  {%- endif -%}
{%- endmacro %}
{% macro duckdb__create_view_as(relation, sql) -%}
  {%- if config.get('contract').enforced -%} {{ get_assert_columns_equivalent(sql) }} {%- endif %}
  {{ config.get('sql_header') or '' }}
  create view {{ relation }} as (
    {{ sql }}
  );
{%- endmacro %}

{% macro duckdb__drop_relation(relation) -%}
  {%- call statement('drop_relation', auto_begin=False) %}drop {{ relation.type }} if exists {{ relation }} {{ 'cascade' if not adapter.is_ducklake(relation) }}{% endcall -%}
{%- endmacro %}
{% macro duckdb__rename_relation(from_relation, to_relation) -%}
  {%- set name = adapter.quote_as_configured(to_relation.identifier, 'identifier') -%}
  {%- call statement('rename_relation') %}alter {{ to_relation.type }} {{ from_relation }} rename to {{ name }}{% endcall -%}
{%- endmacro %}
{% macro duckdb__make_temp_relation(base_relation, suffix) -%}
  {{ return(base_relation.incorporate(path={'identifier': base_relation.identifier ~ suffix ~ py_current_timestring(), 'schema': none, 'database': none})) }}
{%- endmacro %}
{# MotherDuck has no temporary tables: there it is an ordinary table in a schema for such. #}
{% macro duckdb__dispatch_temporary_relation(target_relation, batch_id='') -%}
  {%- if not adapter.is_motherduck() -%}
    {{ return({'relation': make_temp_relation(target_relation), 'temporary': true}) }}
  {%- endif -%}
  {%- set relation = target_relation.incorporate(path=adapter.get_temp_relation_path(target_relation, batch_id)) -%}
  {%- do run_query(create_schema(relation)) -%}
  {%- if not adapter.disable_transactions() -%}
    {%- do adapter.commit() -%}
  {%- endif -%}
  {{ return({'relation': relation, 'temporary': false}) }}
{%- endmacro %}

{# One column a statement. #}
{% macro duckdb__alter_relation_add_remove_columns(relation, add_columns, remove_columns) -%}
  {%- for column in add_columns or [] -%}
    {%- do run_query('alter ' ~ relation.type ~ ' ' ~ relation ~ ' add column ' ~ api.Relation.create(identifier=column.name) ~ ' ' ~ column.data_type) -%}
  {%- endfor -%}
  {%- for column in remove_columns or [] -%}
    {%- do run_query('alter ' ~ relation.type ~ ' ' ~ relation ~ ' drop column ' ~ api.Relation.create(identifier=column.name)) -%}
  {%- endfor -%}
{%- endmacro %}

{% macro duckdb__apply_grants(relation, grant_config, should_revoke=True) -%}
  {%- if grant_config -%} {{ adapter.warn_once('Grants for relations are not supported by DuckDB') }} {%- endif -%}
{%- endmacro %}
{% macro duckdb_escape_comment(comment) -%}
  {%- set quote = '$dbt_comment_literal_block$' -%}
  {%- if comment is not string -%}
    {%- do exceptions.raise_compiler_error('cannot escape a non-string: ' ~ comment) -%}
  {%- elif quote in comment -%}
    {%- do exceptions.raise_compiler_error('The string ' ~ quote ~ ' is not allowed in comments.') -%}
  {%- endif -%}
  {{ quote }}{{ comment }}{{ quote }}
{%- endmacro %}
{% macro duckdb__alter_relation_comment(relation, comment) %}comment on {{ relation.type }} {{ relation }} is {{ duckdb_escape_comment(comment) }};{% endmacro %}
{% macro duckdb__alter_column_comment(relation, column_dict) -%}
  {%- set existing = adapter.get_columns_in_relation(relation) | map(attribute='name') | list -%}
  {%- for name, column in column_dict.items() if name in existing %}
    comment on column {{ relation }}.{{ adapter.quote(name) if column['quote'] else name }} is {{ duckdb_escape_comment(column['description']) }};
  {%- endfor -%}
{%- endmacro %}

{% macro duckdb__get_create_index_sql(relation, index_dict) -%}
  {%- set index = adapter.parse_index(index_dict) -%}
  create {{ 'unique' if index.unique }} index "{{ index.render(relation) }}" on {{ relation }} ({{ index.columns | join(', ') }});
{%- endmacro %}
{% macro drop_indexes_on_relation(relation) -%}
  {%- call statement('get_indexes_on_relation', fetch_result=True, auto_begin=False) %}
    SELECT index_name FROM duckdb_indexes()
    WHERE database_name = '{{ relation.database }}' AND schema_name = '{{ relation.schema }}' AND table_name = '{{ relation.identifier }}'
  {% endcall -%}
  {%- for row in load_result('get_indexes_on_relation').table -%}
    {%- set number = loop.index -%}
    {%- call statement('drop_index_' ~ number, auto_begin=false) %}DROP INDEX "{{ relation.database }}"."{{ relation.schema }}"."{{ row[0] }}"{% endcall -%}
  {%- endfor -%}
{%- endmacro %}
