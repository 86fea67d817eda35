{# Tables, views and schemas in Athena. Much of it is done in Glue and S3, by the adapter. #}
{% macro athena__get_columns_in_relation(relation) %}{{ return(adapter.get_columns_in_relation(relation)) }}{% endmacro %}
{% macro athena__get_catalog(information_schema, schemas) %}{{ return(adapter.get_catalog()) }}{% endmacro %}
{% macro athena__get_catalog_relations(information_schema, relations) %}{{ return(adapter.get_catalog_by_relations(information_schema, relations)) }}{% endmacro %}
{% macro athena__list_schemas(database) %}{{ return(adapter.list_schemas(database)) }}{% endmacro %}
{% macro athena__list_relations_without_caching(schema_relation) %}{{ return(adapter.list_relations_without_caching(schema_relation)) }}{% endmacro %}

{% macro athena__get_empty_schema_sql(columns) -%}
  {%- set untyped = [] -%}
  select
  {% for key, column in columns.items() -%}
    {%- if column['data_type'] is not defined -%}
      {%- do untyped.append(column['name']) -%}
    {%- else -%}
      cast(null as {{ dml_data_type(column['data_type']) }}) as {{ adapter.quote(column['name']) if column.get('quote') else column['name'] }}{{ ', ' if not loop.last }}
    {%- endif -%}
  {%- endfor -%}
  {%- if untyped -%}
    {{ exceptions.column_type_missing(column_names=untyped) }}
  {%- endif -%}
{%- endmacro %}

{# The catalog, or the node's own setting, says what kind of table it is. #}
{% macro resolve_table_type() -%}
  {%- set home, wanted = adapter.build_catalog_relation(config.model), config.get('table_type', default=none) -%}
  {%- if wanted is none and home is not none -%}
    {%- set wanted = home.table_format -%}
  {%- endif -%}
  {{ return((wanted or 'hive') | lower) }}
{%- endmacro %}

{% macro athena__persist_docs(relation, model, for_relation=true, for_columns=true) -%}
  {%- set relation_docs = for_relation and config.persist_relation_docs() -%}
  {%- set column_docs = for_columns and config.persist_column_docs() and model.columns -%}
  {%- if column_docs -%}
    {%- do validate_doc_columns(relation, model.columns, adapter.get_columns_in_relation(relation) | map(attribute='name') | list) -%}
  {%- endif -%}
  {%- if relation_docs or column_docs -%}
    {%- do adapter.persist_docs_to_glue(relation=relation, model=model, persist_relation_docs=relation_docs, persist_column_docs=column_docs, skip_archive_table_version=true) -%}
  {%- endif -%}
{%- endmacro %}

{# Dropping through Glue and S3 takes the files too. SQL does so only for Iceberg tables. #}
{% macro athena__drop_relation(relation) -%}
  {%- set native = config.get('native_drop', default=false) -%}
  {%- set glue_type = adapter.get_glue_table_type(relation) -%}
  {%- set whole = relation.type == 'view' or (glue_type != none and glue_type.value == 'iceberg_table') -%}
  {%- if adapter.is_s3_tables_database(relation.database) -%}
    {%- do drop_relation_s3_tables(relation) -%}
  {%- elif native and whole -%}
    {%- do drop_relation_sql(relation) -%}
  {%- else -%}
    {%- do drop_relation_glue(relation) -%}
  {%- endif -%}
{%- endmacro %}
{% macro drop_relation_glue(relation) -%}
  {%- do log('Dropping relation via Glue and S3 APIs') -%}
  {%- do adapter.clean_up_table(relation) -%}
  {%- do adapter.delete_from_glue_catalog(relation) -%}
{%- endmacro %}
{% macro drop_relation_s3_tables(relation) -%}
  {%- do log('Dropping S3 Tables relation via Glue Data Catalog') -%}
  {%- do adapter.delete_from_glue_catalog(relation) -%}
{%- endmacro %}
{% macro drop_relation_sql(relation) -%}
  {%- do log('Dropping relation via SQL only') -%}
  {%- call statement('drop_relation', auto_begin=False) %}drop {{ relation.type }} if exists {{ relation.render() if relation.type == 'view' else relation.render_hive() }}{% endcall -%}
{%- endmacro %}

{% macro athena__rename_relation(from_relation, to_relation) -%}
  {%- call statement('rename_relation') %}alter table {{ from_relation.render_hive() }} rename to `{{ to_relation.schema }}`.`{{ to_relation.identifier }}`{% endcall -%}
{%- endmacro %}
{% macro set_table_classification(relation) -%}
  {%- set format = config.get('format', default='parquet') -%}
  {%- call statement('set_table_classification', auto_begin=False) %}alter table {{ relation.render_hive() }} set tblproperties ('classification' = '{{ format }}'){% endcall -%}
{%- endmacro %}

{# A temporary table is an ordinary one; a schema for such is made if the node names one. #}
{% macro make_temp_relation(base_relation, suffix='__dbt_tmp', temp_schema=none) -%}
  {%- set name = base_relation.identifier ~ suffix -%}
  {%- if temp_schema is none -%}
    {{ return(base_relation.incorporate(path={'identifier': name})) }}
  {%- endif -%}
  {%- set temporary = base_relation.incorporate(path={'identifier': name, 'schema': temp_schema}) -%}
  {%- do create_schema(temporary) -%}
  {{ return(temporary) }}
{%- endmacro %}

{% macro athena__create_schema(relation) -%}
  {%- call statement('create_schema') %}create schema if not exists {{ relation.without_identifier().render_hive() }}{% endcall -%}
  {{ adapter.add_lf_tags_to_database(relation) }}
{%- endmacro %}
{% macro athena__drop_schema(relation) -%}
  {%- call statement('drop_schema') %}drop schema if exists {{ relation.without_identifier().render_hive() }} cascade{% endcall -%}
{%- endmacro %}
{% macro drop_glue_database(database_name, catalog_name='awsdatacatalog') %}{{ adapter.drop_glue_database(database_name, catalog_name) }}{% endmacro %}

{% macro athena__create_view_as(relation, sql) -%}
  {%- if config.get('contract').enforced -%} {{ get_assert_columns_equivalent(sql) }} {%- endif %}
  create or replace view {{ relation }} as
  {{ sql }}
{%- endmacro %}
{% macro create_or_replace_view(run_outside_transaction_hooks=True) -%}
  {%- set tags, grants = config.get('lf_tags_config'), config.get('lf_grants') -%}
  {%- set old = adapter.get_relation(database=database, schema=schema, identifier=model['alias']) -%}
  {%- set view = api.Relation.create(identifier=model['alias'], schema=schema, database=database, type='view') -%}
  {%- if run_outside_transaction_hooks -%} {{ run_hooks(pre_hooks, inside_transaction=False) }} {%- endif -%}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}
  {%- if old is not none and old.is_table -%} {{ handle_existing_table(should_full_refresh(), old) }} {%- endif -%}
  {%- call statement('main') %}{{ create_view_as(view, compiled_code) }}{% endcall -%}
  {%- if tags is not none -%} {{ adapter.add_lf_tags(view, tags) }} {%- endif -%}
  {%- if grants is not none -%} {{ adapter.apply_lf_grants(view, grants) }} {%- endif -%}
  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {{ adapter.commit() }}
  {%- if run_outside_transaction_hooks -%} {{ run_hooks(post_hooks, inside_transaction=False) }} {%- endif -%}
  {{ return({'relations': [view]}) }}
{%- endmacro %}

{# OPTIMIZE and VACUUM may end before their work is done, and are then run again. #}
{% macro run_hooks(hooks, inside_transaction=True) -%}
  {%- for hook in hooks | selectattr('transaction', 'equalto', inside_transaction) -%}
    {%- set sql = render(hook.get('sql')) | trim -%}
    {%- if not sql -%}
    {%- elif modules.re.match('optimize\\W+\\S+\\W+rewrite data using bin_pack', sql.lower(), modules.re.MULTILINE) -%}
      {%- do adapter.run_operation_with_potential_multiple_runs(sql, 'optimize') -%}
    {%- elif modules.re.match('vacuum\\W+\\S+', sql.lower(), modules.re.MULTILINE) -%}
      {%- do adapter.run_operation_with_potential_multiple_runs(sql, 'vacuum') -%}
    {%- else -%}
      {%- call statement(auto_begin=inside_transaction) %}{{ sql }}{% endcall -%}
    {%- endif -%}
  {%- endfor -%}
{%- endmacro %}
