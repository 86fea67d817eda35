{# How a snapshot tells that a row changed: the macro snapshot_<name>_strategy. Projects add their own. #}
{% macro snapshot_hash_arguments(args) %}{{ adapter.dispatch('snapshot_hash_arguments', 'dbt')(args) }}{% endmacro %}

{# Finds a strategy by "name" or "package.name". #}
{% macro strategy_dispatch(name) -%}
  {%- set parts = name.split('.', 1) -%}
  {%- set package, short = (parts[0], parts[1]) if parts | length == 2 else (none, name) -%}
  {%- if package is not none and package not in context -%}
    {{ exceptions.raise_compiler_error("Could not find package '" ~ package ~ "', called with '" ~ name ~ "'") }}
  {%- endif -%}
  {%- set namespace = context if package is none else context[package] -%}
  {%- set macro_name = 'snapshot_' ~ short ~ '_strategy' -%}
  {%- if macro_name not in namespace -%}
    {{ exceptions.raise_compiler_error("The specified strategy macro '" ~ short ~ "' was not found in package '" ~ package ~ "'") }}
  {%- endif -%}
  {{ return(namespace[macro_name]) }}
{%- endmacro %}

{% macro default__snapshot_hash_arguments(args) -%}
  md5({% for arg in args %}coalesce(cast({{ arg }} as varchar ), ''){{ " || '|' || " if not loop.last }}{% endfor %})
{%- endmacro %}

{# By a column that says when the row was changed. #}
{% macro snapshot_timestamp_strategy(node, snapshotted_rel, current_rel, model_config, target_exists) -%}
  {%- set key, updated_at = config.get('unique_key'), config.get('updated_at') -%}
  {%- set deletes = adapter.get_hard_deletes_behavior(config) -%}
  {%- set columns = config.get('snapshot_table_column_names') or get_snapshot_table_column_names() -%}
  {{ return({
    'unique_key': key,
    'updated_at': updated_at,
    'row_changed': '(' ~ snapshotted_rel ~ '.' ~ columns.dbt_valid_from ~ ' < ' ~ current_rel ~ '.' ~ updated_at ~ ')',
    'scd_id': snapshot_hash_arguments(api.Relation.scd_args(key, updated_at)),
    'invalidate_hard_deletes': deletes == 'invalidate',
    'hard_deletes': deletes,
  }) }}
{%- endmacro %}

{# By comparing columns. A column that is new in the query counts as a change of every row. #}
{% macro snapshot_check_strategy(node, snapshotted_rel, current_rel, model_config, target_exists) -%}
  {%- set chosen, key = config.get('check_cols'), config.get('unique_key') -%}
  {%- set deletes = adapter.get_hard_deletes_behavior(config) -%}
  {%- set updated_at = config.get('updated_at') or snapshot_get_time() -%}
  {%- set added, compared = snapshot_check_all_get_existing_columns(node, target_exists, chosen) -%}
  {%- set changed = [] -%}
  {%- for column in compared -%}
    {%- set old, new = snapshotted_rel ~ '.' ~ column, current_rel ~ '.' ~ column -%}
    {%- do changed.append(old ~ ' != ' ~ new ~ ' or ( ((' ~ old ~ ' is null) and not (' ~ new ~ ' is null)) or ((not ' ~ old ~ ' is null) and (' ~ new ~ ' is null)) )') -%}
  {%- endfor -%}
  {{ return({
    'unique_key': key,
    'updated_at': updated_at,
    'row_changed': '( ' ~ (get_true_sql() if added else changed | join(' or ')) ~ ' )',
    'scd_id': snapshot_hash_arguments(api.Relation.scd_args(key, updated_at)),
    'invalidate_hard_deletes': deletes == 'invalidate',
    'hard_deletes': deletes,
  }) }}
{%- endmacro %}

{# Whether the query has a column that the snapshot lacks, and the quoted names of those that both have. #}
{% macro snapshot_check_all_get_existing_columns(node, target_exists, check_cols_config) -%}
  {%- if not target_exists -%}
    {{ return((false, query_columns)) }}
  {%- endif -%}
  {%- set snapshot = adapter.get_relation(database=node.database, schema=node.schema, identifier=node.alias) -%}
  {%- set query = node['compiled_code'] -%}
  {%- if check_cols_config == 'all' -%}
  {%- elif check_cols_config is iterable and check_cols_config | length > 0 -%}
    {%- set query = 'select ' ~ check_cols_config | join(', ') ~ ' from (\n' ~ query ~ '\n) subq' -%}
  {%- else -%}
    {%- do exceptions.raise_compiler_error("Invalid value for 'check_cols': " ~ check_cols_config) -%}
  {%- endif -%}
  {%- set names = get_columns_in_query(query) -%}
  {%- set existing = adapter.get_columns_in_relation(snapshot) | map(attribute='name') | list -%}
  {%- set ns, common = namespace(added=false), [] -%}
  {%- for name in names -%}
    {%- if name in existing -%}
      {%- do common.append(adapter.quote(name)) -%}
    {%- else -%}
      {%- set ns.added = true -%}
    {%- endif -%}
  {%- endfor -%}
  {{ return((ns.added, common)) }}
{%- endmacro %}
