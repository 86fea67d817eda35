{# Incremental strategies, snapshots and seeds in Spark. #}
{% macro dbt_spark_validate_get_file_format(raw_file_format) -%}
  {%- set known = ['text', 'csv', 'json', 'jdbc', 'parquet', 'orc', 'hive', 'delta', 'iceberg', 'libsvm', 'hudi'] -%}
  {%- if raw_file_format not in known -%}
    {%- do exceptions.raise_compiler_error('Invalid file format provided: ' ~ raw_file_format ~ '\nExpected one of: ' ~ known | join(', ')) -%}
  {%- endif -%}
  {{ return(raw_file_format) }}
{%- endmacro %}
{% macro dbt_spark_validate_get_incremental_strategy(raw_strategy, file_format) -%}
  {%- set problem = 'Invalid incremental strategy provided: ' ~ raw_strategy ~ '\n' -%}
  {%- if raw_strategy not in ['append', 'merge', 'insert_overwrite', 'microbatch'] -%}
    {%- do exceptions.raise_compiler_error(problem ~ "Expected one of: 'append', 'merge', 'insert_overwrite', 'microbatch'") -%}
  {%- elif raw_strategy == 'merge' and file_format not in ['delta', 'iceberg', 'hudi'] -%}
    {%- do exceptions.raise_compiler_error(problem ~ "You can only choose this strategy when file_format is set to 'delta' or 'iceberg' or 'hudi'") -%}
  {%- elif raw_strategy in ['insert_overwrite', 'microbatch'] and target.endpoint -%}
    {%- do exceptions.raise_compiler_error(problem ~ "You cannot use this strategy when connecting via endpoint\nUse the 'append' or 'merge' strategy instead") -%}
  {%- endif -%}
  {{ return(raw_strategy) }}
{%- endmacro %}

{% macro dbt_spark_get_incremental_sql(strategy, source, target, existing, unique_key, incremental_predicates) -%}
  {%- if strategy == 'append' -%}
    {{ get_insert_into_sql(source, target) }}
  {%- elif strategy == 'insert_overwrite' -%}
    {{ get_insert_overwrite_sql(source, target, existing) }}
  {%- elif strategy == 'microbatch' -%}
    {%- if not config.get('partition_by') -%}
      {{ exceptions.raise_compiler_error("dbt-spark 'microbatch' incremental strategy requires a `partition_by` config.\nEnsure you are using a `partition_by` column that is of grain " ~ config.get('batch_size') ~ '.') }}
    {%- endif -%}
    {{ get_insert_overwrite_sql(source, target, existing) }}
  {%- elif strategy == 'merge' -%}
    {{ get_merge_sql(target, source, unique_key, dest_columns=none, incremental_predicates=incremental_predicates) }}
  {%- else -%}
    {%- do exceptions.raise_compiler_error('No known SQL for the incremental strategy provided: ' ~ strategy) -%}
  {%- endif -%}
{%- endmacro %}
{# An Iceberg table overwrites the partitions that the rows fall into; others name them. #}
{% macro get_insert_overwrite_sql(source_relation, target_relation, existing_relation) -%}
  {%- set columns = adapter.get_columns_in_relation(target_relation) | map(attribute='quoted') | join(', ') -%}
  {%- if existing_relation.is_iceberg -%}
    insert overwrite {{ target_relation }}
  {%- else -%}
    insert overwrite table {{ target_relation }} {{ partition_cols(label='partition') }}
  {%- endif %}
  select {{ columns }} from {{ source_relation }}
{%- endmacro %}
{% macro get_insert_into_sql(source_relation, target_relation) -%}
  {%- set columns = adapter.get_columns_in_relation(target_relation) | map(attribute='quoted') | join(', ') -%}
  insert into table {{ target_relation }} select {{ columns }} from {{ source_relation }}
{%- endmacro %}

{# None stands for all columns. #}
{% macro spark__get_merge_update_columns(merge_update_columns, merge_exclude_columns, dest_columns) -%}
  {%- if merge_update_columns and merge_exclude_columns -%}
    {{ exceptions.raise_compiler_error('Model cannot specify merge_update_columns and merge_exclude_columns. Please update model to use only one config') }}
  {%- elif merge_update_columns -%}
    {{ return(merge_update_columns) }}
  {%- elif not merge_exclude_columns -%}
    {{ return(None) }}
  {%- endif -%}
  {%- set excluded, updated = merge_exclude_columns | map('lower') | list, [] -%}
  {%- for column in dest_columns if column.column | lower not in excluded -%}
    {%- do updated.append(column.quoted) -%}
  {%- endfor -%}
  {{ return(updated) }}
{%- endmacro %}
{% macro spark__get_merge_sql(target, source, unique_key, dest_columns, incremental_predicates) -%}
  {%- set conditions = [] + (incremental_predicates or []) -%}
  {%- set columns = adapter.get_columns_in_relation(target) -%}
  {%- set updated = get_merge_update_columns(config.get('merge_update_columns'), config.get('merge_exclude_columns'), columns) -%}
  {%- set single = unique_key is string or unique_key is mapping or unique_key is not sequence -%}
  {%- for key in ([unique_key] if single else unique_key) if unique_key -%}
    {%- do conditions.append('DBT_INTERNAL_SOURCE.' ~ key ~ ' = DBT_INTERNAL_DEST.' ~ key) -%}
  {%- else -%}
    {%- do conditions.append('FALSE') -%}
  {%- endfor %}
{{ sql_header if sql_header is not none }}
merge into {{ target }} as DBT_INTERNAL_DEST
using {{ source }} as DBT_INTERNAL_SOURCE
on {{ conditions | join(' and ') }}
when matched then update set
{% for name in updated or [] %}{{ name }} = DBT_INTERNAL_SOURCE.{{ name }}{{ ', ' if not loop.last }}{% else %} * {% endfor %}
when not matched then insert *
{% endmacro %}

{% macro spark__snapshot_hash_arguments(args) -%}
  md5({% for arg in args %}coalesce(cast({{ arg }} as string ), ''){{ " || '|' || " if not loop.last }}{% endfor %})
{%- endmacro %}
{% macro spark__snapshot_string_as_time(timestamp) %}{{ return("to_timestamp('" ~ timestamp ~ "')") }}{% endmacro %}
{% macro spark__post_snapshot(staging_relation) -%}
  {%- do adapter.drop_relation(staging_relation) -%}
{%- endmacro %}
{% macro spark__create_columns(relation, columns) -%}
  {%- if columns | length -%}
    {%- call statement() %}
      alter table {{ relation }} add columns ( {% for column in columns %}`{{ column.name }}` {{ column.data_type }}{{ ', ' if not loop.last }}{% endfor %} );
    {% endcall -%}
  {%- endif -%}
{%- endmacro %}
{# The staged changes are a view; beside an Iceberg table it has no schema. #}
{% macro spark_build_snapshot_staging_table(strategy, sql, target_relation) -%}
  {%- set schema = none if target_relation.is_iceberg else target_relation.schema -%}
  {%- set staged = api.Relation.create(identifier=target_relation.identifier ~ '__dbt_tmp', schema=schema, database=none, type='view') -%}
  {%- set query = snapshot_staging_table(strategy, sql, target_relation) -%}
  {%- call statement('build_snapshot_staging_relation') %}{{ create_view_as(staged, query) }}{% endcall -%}
  {{ return(staged) }}
{%- endmacro %}
{% macro spark__snapshot_merge_sql(target, source, insert_cols) -%}
  {%- set columns = config.get('snapshot_table_column_names') or get_snapshot_table_column_names() -%}
  {%- set ends, current_end = 'DBT_INTERNAL_DEST.' ~ columns.dbt_valid_to, config.get('dbt_valid_to_current') %}
merge into {{ target }} as DBT_INTERNAL_DEST
using {{ source.identifier if target.is_iceberg else source }} as DBT_INTERNAL_SOURCE
on DBT_INTERNAL_SOURCE.{{ columns.dbt_scd_id }} = DBT_INTERNAL_DEST.{{ columns.dbt_scd_id }}
when matched
  and {% if current_end %}( {{ ends }} = {{ current_end }} or {{ ends }} is null ){% else %}{{ ends }} is null{% endif %}
  and DBT_INTERNAL_SOURCE.dbt_change_type in ('update', 'delete')
then update set {{ columns.dbt_valid_to }} = DBT_INTERNAL_SOURCE.{{ columns.dbt_valid_to }}
when not matched and DBT_INTERNAL_SOURCE.dbt_change_type = 'insert'
then insert *
;
{% endmacro %}

{% macro spark__get_binding_char() %}{{ return('?' if target.method == 'odbc' else '%s') }}{% endmacro %}
{# There is no truncate: a seed is always created anew. #}
{% macro spark__reset_csv_table(model, full_refresh, old_relation, agate_table) -%}
  {%- if old_relation -%}
    {%- do adapter.drop_relation(old_relation) -%}
  {%- endif -%}
  {{ return(create_csv_table(model, agate_table)) }}
{%- endmacro %}
{% macro spark__create_csv_table(model, agate_table) -%}
  {%- set types = model['config'].get('column_types', {}) -%}
  {%- set how = model['config'].get('quote_columns', None) -%}
  {%- set sql %}
    create table {{ this.render() }} (
      {% for name in agate_table.column_names -%}
        {{ adapter.quote_seed_column(name | string, how) }} {{ types.get(name, adapter.convert_type(agate_table, loop.index0)) }}{{ ', ' if not loop.last }}
      {%- endfor %}
    )
    {{ file_format_clause() }}
    {{ partition_cols(label='partitioned by') }}
    {{ clustered_cols(label='clustered by') }}
    {{ location_clause() }}
    {{ comment_clause() }}
  {% endset -%}
  {%- call statement('_') %}{{ sql }}{% endcall -%}
  {{ return(sql) }}
{%- endmacro %}
{% macro spark__load_csv_rows(model, agate_table) -%}
  {%- set types = model['config'].get('column_types', {}) -%}
  {%- set statements = [] -%}
  {%- for rows in agate_table.rows | batch(get_batch_size()) -%}
    {%- set bindings = [] -%}
    {%- set sql %}
      insert into {{ this.render() }} values
      {% for row in rows -%}
        {%- do bindings.extend(row) -%}
        ({% for name in agate_table.column_names %}cast({{ get_binding_char() }} as {{ types.get(name, adapter.convert_type(agate_table, loop.index0)) }}){{ ',' if not loop.last }}{% endfor %}){{ ',' if not loop.last }}
      {%- endfor %}
    {% endset -%}
    {%- do adapter.add_query(sql, bindings=bindings, abridge_sql_log=True) -%}
    {%- do statements.append(sql) -%}
  {%- endfor -%}
  {{ return(statements[0]) }}
{%- endmacro %}
