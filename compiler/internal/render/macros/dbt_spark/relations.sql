{# Tables and views in Spark: the clauses of CREATE TABLE, schemas, columns. #}
{% macro tblproperties_clause() %}{{ return(adapter.dispatch('tblproperties_clause', 'dbt')()) }}{% endmacro %}
{% macro file_format_clause() %}{{ return(adapter.dispatch('file_format_clause', 'dbt')()) }}{% endmacro %}
{% macro location_clause() %}{{ return(adapter.dispatch('location_clause', 'dbt')()) }}{% endmacro %}
{% macro options_clause() %}{{ return(adapter.dispatch('options_clause', 'dbt')()) }}{% endmacro %}
{% macro comment_clause() %}{{ return(adapter.dispatch('comment_clause', 'dbt')()) }}{% endmacro %}
{% macro partition_cols(label, required=false) %}{{ return(adapter.dispatch('partition_cols', 'dbt')(label, required)) }}{% endmacro %}
{% macro clustered_cols(label, required=false) %}{{ return(adapter.dispatch('clustered_cols', 'dbt')(label, required)) }}{% endmacro %}
{% macro create_temporary_view(relation, compiled_code) %}{{ return(adapter.dispatch('create_temporary_view', 'dbt')(relation, compiled_code)) }}{% endmacro %}

{% macro spark__tblproperties_clause() -%}
  {%- set properties = config.get('tblproperties') -%}
  {%- if properties is not none -%}
    tblproperties ({% for key, value in properties.items() %}'{{ key }}' = '{{ value }}' {{ ', ' if not loop.last }}{% endfor %})
  {%- endif -%}
{%- endmacro %}
{% macro spark__file_format_clause() -%}
  {%- set format = config.get('file_format', validator=validation.any[basestring]) -%}
  {%- if format is not none -%} using {{ format }} {%- endif -%}
{%- endmacro %}
{% macro spark__location_clause() -%}
  {%- set root = config.get('location_root', validator=validation.any[basestring]) -%}
  {%- if root is not none -%} location '{{ root }}/{{ model['alias'] }}' {%- endif -%}
{%- endmacro %}

{# Hudi needs the key as an option too. #}
{% macro spark__options_clause() -%}
  {%- set options = config.get('options') -%}
  {%- if config.get('file_format') == 'hudi' -%}
    {%- set key = config.get('unique_key') -%}
    {%- if key is not none and 'primaryKey' not in (options or {}) -%}
      {%- set options = {} if options is none else options -%}
      {%- do options.update({'primaryKey': key}) -%}
    {%- elif options is not none and 'primaryKey' in options and options['primaryKey'] != key -%}
      {{ exceptions.raise_compiler_error("unique_key and options('primaryKey') should be the same column(s).") }}
    {%- endif -%}
  {%- endif -%}
  {%- if options is not none -%}
    options ({% for key, value in options.items() %}{{ key }} "{{ value }}" {{ ', ' if not loop.last }}{% endfor %})
  {%- endif -%}
{%- endmacro %}

{% macro spark__comment_clause() -%}
  {%- set docs = config.get('persist_docs', {}) -%}
  {%- if docs is mapping -%}
    {%- if docs.get('relation', false) -%} comment '{{ model.description | replace("'", "\\'") }}' {%- endif -%}
  {%- elif docs -%}
    {{ exceptions.raise_compiler_error("Invalid value provided for 'persist_docs'. Expected dict but got value: " ~ docs) }}
  {%- endif -%}
{%- endmacro %}
{% macro spark__partition_cols(label, required=false) -%}
  {%- set columns = config.get('partition_by', validator=validation.any[list, basestring]) -%}
  {%- if columns is not none -%} {{ label }} ({{ columns if columns is string else columns | join(',') }}) {%- endif -%}
{%- endmacro %}
{% macro spark__clustered_cols(label, required=false) -%}
  {%- set columns = config.get('clustered_by', validator=validation.any[list, basestring]) -%}
  {%- set buckets = config.get('buckets', validator=validation.any[int]) -%}
  {%- if columns is not none and buckets is not none -%}
    {{ label }} ({{ columns if columns is string else columns | join(',') }}) into {{ buckets }} buckets
  {%- endif -%}
{%- endmacro %}

{# Spark has no temporary tables, only temporary views. #}
{% macro spark__create_temporary_view(relation, compiled_code) %}create or replace temporary view {{ relation }} as {{ compiled_code }}{% endmacro %}
{% macro spark__create_table_as(temporary, relation, compiled_code, language='sql') -%}
  {%- if language == 'python' -%}
    {{ py_write_table(compiled_code=compiled_code, target_relation=relation) }}
  {%- elif language == 'sql' and temporary -%}
    {{ create_temporary_view(relation, compiled_code) }}
  {%- elif language == 'sql' -%}
    create {{ 'or replace' if config.get('file_format', validator=validation.any[basestring]) in ['delta', 'iceberg'] }} table {{ relation }}
    {% if config.get('contract').enforced -%}
      {{ get_assert_columns_equivalent(compiled_code) }}
      {%- set compiled_code = get_select_subquery(compiled_code) -%}
    {%- endif %}
    {{ file_format_clause() }}
    {{ options_clause() }}
    {{ tblproperties_clause() }}
    {{ partition_cols(label='partitioned by') }}
    {{ clustered_cols(label='clustered by') }}
    {{ location_clause() }}
    {{ comment_clause() }}
    as
    {{ compiled_code }}
  {%- endif -%}
{%- endmacro %}
{% macro spark__create_view_as(relation, sql) -%}
  create or replace view {{ relation }}
  {% if config.persist_column_docs() %}( {{ get_persist_docs_column_list(model.columns, get_columns_in_query(sql)) }} ){% endif %}
  {{ comment_clause() }}
  {% if config.get('contract').enforced %}{{ get_assert_columns_equivalent(sql) }}{% endif %}
  as
  {{ sql }}
{%- endmacro %}
{% macro get_persist_docs_column_list(model_columns, query_columns) -%}
  {%- for name in query_columns %}{{ get_column_comment_sql(name, model_columns) }}{{ ', ' if not loop.last }}{% endfor -%}
{%- endmacro %}
{% macro get_column_comment_sql(column_name, column_dict) -%}
  {%- set description = column_dict[column_name]['description'] if column_name in column_dict -%}
  {{ adapter.quote(column_name) }} {% if description %}comment '{{ description | replace("'", "\\'") }}'{% endif %}
{%- endmacro %}

{# Contracts: constraints are added to the table that is there, and only Delta tables hold them. #}
{% macro persist_constraints(relation, model) %}{{ return(adapter.dispatch('persist_constraints', 'dbt')(relation, model)) }}{% endmacro %}
{% macro alter_table_add_constraints(relation, constraints) %}{{ return(adapter.dispatch('alter_table_add_constraints', 'dbt')(relation, constraints)) }}{% endmacro %}
{% macro alter_column_set_constraints(relation, column_dict) %}{{ return(adapter.dispatch('alter_column_set_constraints', 'dbt')(relation, column_dict)) }}{% endmacro %}
{% macro spark__persist_constraints(relation, model) -%}
  {%- if config.get('contract').enforced and config.get('file_format', 'delta') == 'delta' -%}
    {%- do alter_table_add_constraints(relation, model.constraints) -%}
    {%- do alter_column_set_constraints(relation, model.columns) -%}
  {%- endif -%}
{%- endmacro %}
{% macro spark__alter_table_add_constraints(relation, constraints) -%}
  {%- for constraint in constraints -%}
    {%- if constraint.type == 'check' and not is_incremental() -%}
      {%- set hash = local_md5(column_name ~ ';' ~ constraint.expression ~ ';' ~ loop.index) -%}
      {%- call statement() %}alter table {{ relation }} add constraint {{ constraint.name or hash }} check ({{ constraint.expression }});{% endcall -%}
    {%- endif -%}
  {%- endfor -%}
{%- endmacro %}
{% macro spark__alter_column_set_constraints(relation, column_dict) -%}
  {%- for name, column in column_dict.items() -%}
    {%- for constraint in column['constraints'] -%}
      {%- if constraint.type == 'not_null' -%}
        {%- call statement() %}alter table {{ relation }} change column {{ adapter.quote(name) if column['quote'] else name }} set not null {{ constraint.expression or '' }};{% endcall -%}
      {%- else -%}
        {%- do exceptions.warn('Invalid constraint for column ' ~ name ~ '. Only `not_null` is supported.') -%}
      {%- endif -%}
    {%- endfor -%}
  {%- endfor -%}
{%- endmacro %}

{% macro spark__create_schema(relation) -%}
  {%- call statement('create_schema') %}create schema if not exists {{ relation }}{% endcall -%}
{%- endmacro %}
{% macro spark__drop_schema(relation) -%}
  {%- call statement('drop_schema') %}drop schema if exists {{ relation }} cascade{% endcall -%}
{%- endmacro %}
{% macro spark__drop_relation(relation) -%}
  {%- call statement('drop_relation', auto_begin=False) %}drop {{ relation.type }} if exists {{ relation }}{% endcall -%}
{%- endmacro %}
{% macro spark__rename_relation(from_relation, to_relation) -%}
  {%- call statement('rename_relation') -%}
    {%- set type = from_relation.type -%}
    {%- if not type -%}
      {%- do exceptions.raise_database_error('Cannot rename a relation with a blank type: ' ~ from_relation.identifier) -%}
    {%- elif type not in ('table', 'view') -%}
      {%- do exceptions.raise_database_error("Unknown type '" ~ type ~ "' for relation: " ~ from_relation.identifier) -%}
    {%- endif -%}
    alter {{ type }} {{ from_relation }} rename to {{ to_relation }}
  {%- endcall -%}
{%- endmacro %}
{% macro spark__make_temp_relation(base_relation, suffix) -%}
  {{ return(base_relation.incorporate(path={'identifier': base_relation.identifier ~ suffix}).include(database=false, schema=false)) }}
{%- endmacro %}

{% macro spark__alter_column_type(relation, column_name, new_column_type) -%}
  {%- call statement('alter_column_type') %}alter table {{ relation }} alter column {{ column_name }} type {{ new_column_type }};{% endcall -%}
{%- endmacro %}
{% macro spark__alter_relation_add_remove_columns(relation, add_columns, remove_columns) -%}
  {%- if remove_columns -%}
    {%- set platform = 'Delta Lake' if relation.is_delta else 'Iceberg' if relation.is_iceberg else 'Apache Spark' -%}
    {{ exceptions.raise_compiler_error(platform ~ ' does not support dropping columns from tables') }}
  {%- endif -%}
  {%- set sql -%}
    alter {{ relation.type }} {{ relation }} {{ 'add columns' if add_columns }}
    {% for column in add_columns or [] %}{{ column.quoted }} {{ column.data_type }}{{ ', ' if not loop.last }}{% endfor %}
  {%- endset -%}
  {%- do run_query(sql) -%}
{%- endmacro %}

{# Descriptions of columns; those of relations are part of CREATE. #}
{% macro spark__persist_docs(relation, model, for_relation, for_columns) -%}
  {%- if for_columns and config.persist_column_docs() and model.columns -%}
    {%- set names = adapter.get_columns_in_relation(relation) | map(attribute='name') | list -%}
    {%- do alter_column_comment(relation, validate_doc_columns(relation, model.columns, names)) -%}
  {%- endif -%}
{%- endmacro %}
{% macro spark__alter_column_comment(relation, column_dict) -%}
  {%- if config.get('file_format', validator=validation.any[basestring]) in ['delta', 'hudi', 'iceberg'] -%}
    {%- for name, column in column_dict.items() -%}
      {%- set sql %}
        alter table {{ relation }} {{ 'alter' if relation.is_iceberg else 'change' }} column
        {{ adapter.quote(name) if column['quote'] else name }} comment '{{ column['description'] | replace("'", "\\'") }}';
      {% endset -%}
      {%- do run_query(sql) -%}
    {%- endfor -%}
  {%- endif -%}
{%- endmacro %}

{% macro spark__copy_grants() %}{{ return(config.materialized != 'view') }}{% endmacro %}
{% macro spark__support_multiple_grantees_per_dcl_statement() %}{{ return(False) }}{% endmacro %}
{% macro spark__get_grant_sql(relation, privilege, grantees) %}grant {{ privilege }} on {{ relation }} to {{ adapter.quote(grantees[0]) }}{% endmacro %}
{% macro spark__get_revoke_sql(relation, privilege, grantees) %}revoke {{ privilege }} on {{ relation }} from {{ adapter.quote(grantees[0]) }}{% endmacro %}
{% macro spark__call_dcl_statements(dcl_statement_list) -%}
  {%- for sql in dcl_statement_list -%}
    {%- call statement('grant_or_revoke') %}{{ sql }}{% endcall -%}
  {%- endfor -%}
{%- endmacro %}

{% macro spark__can_clone_table() %}{{ return(True) }}{% endmacro %}
{% macro spark__create_or_replace_clone(this_relation, defer_relation) %}create or replace table {{ this_relation }} shallow clone {{ defer_relation }}{% endmacro %}
