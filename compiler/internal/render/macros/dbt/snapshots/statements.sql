{# Snapshots: the statements that compare, stage and merge. #}
{% macro create_columns(relation, columns) %}{{ adapter.dispatch('create_columns', 'dbt')(relation, columns) }}{% endmacro %}
{% macro post_snapshot(staging_relation) %}{{ adapter.dispatch('post_snapshot', 'dbt')(staging_relation) }}{% endmacro %}
{% macro get_true_sql() %}{{ adapter.dispatch('get_true_sql', 'dbt')() }}{% endmacro %}
{% macro snapshot_staging_table(strategy, source_sql, target_relation) %}{{ adapter.dispatch('snapshot_staging_table', 'dbt')(strategy, source_sql, target_relation) }}{% endmacro %}
{% macro build_snapshot_table(strategy, sql) %}{{ adapter.dispatch('build_snapshot_table', 'dbt')(strategy, sql) }}{% endmacro %}
{% macro snapshot_merge_sql(target, source, insert_cols) %}{{ adapter.dispatch('snapshot_merge_sql', 'dbt')(target, source, insert_cols) }}{% endmacro %}

{% macro default__create_columns(relation, columns) -%}
  {%- for column in columns -%}
    {%- call statement() %}alter table {{ relation.render() }} add column {{ adapter.quote(column.name) }} {{ column.expanded_data_type }};{% endcall -%}
  {%- endfor -%}
{%- endmacro %}
{% macro default__post_snapshot(staging_relation) %}{% endmacro %}
{% macro default__get_true_sql() %}{{ return('TRUE') }}{% endmacro %}

{# The names of the columns that a snapshot adds, where the config does not rename them. #}
{% macro get_snapshot_table_column_names() -%}
  {%- set names = {} -%}
  {%- for name in ['dbt_valid_to', 'dbt_valid_from', 'dbt_scd_id', 'dbt_updated_at', 'dbt_is_deleted'] -%}
    {%- do names.update({name: name}) -%}
  {%- endfor -%}
  {{ return(names) }}
{%- endmacro %}

{# A key of several columns is carried as dbt_unique_key_1, dbt_unique_key_2, …, one of a single column as dbt_unique_key. #}
{% macro unique_key_fields(unique_key) -%}
  {%- if unique_key | is_list -%}
    {%- for key in unique_key %} {{ key }} as dbt_unique_key_{{ loop.index }} {{- ' ,' if not loop.last }} {% endfor -%}
  {%- else -%}
    {{ unique_key }} as dbt_unique_key
  {%- endif -%}
{%- endmacro %}
{% macro unique_key_join_on(unique_key, identifier, from_identifier) -%}
  {%- if unique_key | is_list -%}
    {%- for key in unique_key -%}
      {%- set column = '.dbt_unique_key_' ~ loop.index -%}
      {{ equals(identifier ~ column, from_identifier ~ column) }} {{- ' and ' if not loop.last }}
    {%- endfor -%}
  {%- else -%}
    {{ identifier }}.dbt_unique_key = {{ from_identifier }}.dbt_unique_key
  {%- endif -%}
{%- endmacro %}
{% macro unique_key_is_null(unique_key, identifier) %}{{ identifier }}.dbt_unique_key{{ '_1' if unique_key | is_list }} is null{% endmacro %}
{% macro unique_key_is_not_null(unique_key, identifier) %}{{ identifier }}.dbt_unique_key{{ '_1' if unique_key | is_list }} is not null{% endmacro %}

{# The end of a version that is current: null or the configured date, in the type of updated_at. #}
{% macro get_dbt_valid_to_current(strategy, columns) -%}
  coalesce(nullif({{ strategy.updated_at }}, {{ strategy.updated_at }}), {{ config.get('dbt_valid_to_current') or 'null' }}) as {{ columns.dbt_valid_to }}
{%- endmacro %}

{# All changes since the last run, as rows marked insert, update or delete. What vanished from the source is of interest only
   where hard deletes are; with new_record it also leaves a row that says so. #}
{% macro default__snapshot_staging_table(strategy, source_sql, target_relation) -%}
  {%- set columns = config.get('snapshot_table_column_names') or get_snapshot_table_column_names() -%}
  {%- set current_end = config.get('dbt_valid_to_current') -%}
  {%- set key, recorded = strategy.unique_key, strategy.hard_deletes == 'new_record' -%}
  {%- set deletes = recorded or strategy.hard_deletes == 'invalidate' -%}
  {%- set deleted, ends = 'snapshotted_data.' ~ columns.dbt_is_deleted, 'snapshotted_data.' ~ columns.dbt_valid_to -%}
  {%- set deleted_scd_id = snapshot_hash_arguments([columns.dbt_scd_id, snapshot_get_time()]) if recorded -%}
  {%- set returned = ' or ' ~ deleted ~ " = 'True'" if recorded else '' -%}
  {%- set same_key = unique_key_join_on(key, 'snapshotted_data', 'source_data') -%}
  {%- set vanished = unique_key_is_null(key, 'source_data') -%}
  {%- set not_yet_recorded -%}
    and not ( {{ deleted }} = 'True' and {{ ends }} {% if current_end %}= {{ current_end }}{% else %}is null{% endif %} )
  {%- endset %}
with snapshot_query as (
  {{ source_sql }}
),
snapshotted_data as (
  select *, {{ unique_key_fields(key) }}
  from {{ target_relation }}
  where {% if current_end %}( {{ equals(columns.dbt_valid_to | trim, current_end | trim) }} or {{ columns.dbt_valid_to | trim }} is null ){% else %}{{ columns.dbt_valid_to }} is null{% endif %}
),
insertions_source_data as (
  select *, {{ unique_key_fields(key) }},
    {{ strategy.updated_at }} as {{ columns.dbt_updated_at }},
    {{ strategy.updated_at }} as {{ columns.dbt_valid_from }},
    {{ get_dbt_valid_to_current(strategy, columns) }},
    {{ strategy.scd_id }} as {{ columns.dbt_scd_id }}
  from snapshot_query
),
updates_source_data as (
  select *, {{ unique_key_fields(key) }},
    {{ strategy.updated_at }} as {{ columns.dbt_updated_at }},
    {{ strategy.updated_at }} as {{ columns.dbt_valid_from }},
    {{ strategy.updated_at }} as {{ columns.dbt_valid_to }}
  from snapshot_query
),
{% if deletes -%}
deletes_source_data as (
  select *, {{ unique_key_fields(key) }} from snapshot_query
),
{% endif -%}
insertions as (
  select 'insert' as dbt_change_type, source_data.* {%- if recorded %}, 'False' as {{ columns.dbt_is_deleted }}{% endif %}
  from insertions_source_data as source_data
  left outer join snapshotted_data on {{ same_key }}
  where {{ unique_key_is_null(key, 'snapshotted_data') }}
    or ({{ unique_key_is_not_null(key, 'snapshotted_data') }} and ( {{ strategy.row_changed }} {{ returned }} ))
),
updates as (
  select 'update' as dbt_change_type, source_data.*, snapshotted_data.{{ columns.dbt_scd_id }} {%- if recorded %}, {{ deleted }}{% endif %}
  from updates_source_data as source_data
  join snapshotted_data on {{ same_key }}
  where ( {{ strategy.row_changed }} {{ returned }} )
)
{%- if deletes %},
deletes as (
  select 'delete' as dbt_change_type, source_data.*,
    {{ snapshot_get_time() }} as {{ columns.dbt_valid_from }},
    {{ snapshot_get_time() }} as {{ columns.dbt_updated_at }},
    {{ snapshot_get_time() }} as {{ columns.dbt_valid_to }},
    snapshotted_data.{{ columns.dbt_scd_id }} {%- if recorded %}, {{ deleted }}{% endif %}
  from snapshotted_data
  left join deletes_source_data as source_data on {{ same_key }}
  where {{ vanished }} {{ not_yet_recorded if recorded }}
)
{%- endif %}
{%- if recorded -%}
  {%- set kept = get_list_of_column_names(get_columns_in_relation(target_relation)) -%}
  {%- set names = get_columns_in_query(source_sql) %},
deletion_records as (
  select 'insert' as dbt_change_type,
    {% for name in names %}{{ 'snapshotted_data' if name in kept else 'source_data' }}.{{ adapter.quote(name) }}, {% endfor %}
    {% if key | is_list -%}
      {%- for part in key %}snapshotted_data.{{ part }} as dbt_unique_key_{{ loop.index }}, {% endfor -%}
    {%- else -%}
      snapshotted_data.dbt_unique_key as dbt_unique_key,
    {%- endif %}
    {{ snapshot_get_time() }} as {{ columns.dbt_valid_from }},
    {{ snapshot_get_time() }} as {{ columns.dbt_updated_at }},
    {{ ends }} as {{ columns.dbt_valid_to }},
    {{ deleted_scd_id }} as {{ columns.dbt_scd_id }},
    'True' as {{ columns.dbt_is_deleted }}
  from snapshotted_data
  left join deletes_source_data as source_data on {{ same_key }}
  where {{ vanished }} {{ not_yet_recorded }}
)
{%- endif %}
select * from insertions
union all
select * from updates
{% if deletes %}union all select * from deletes{% endif %}
{% if recorded %}union all select * from deletion_records{% endif %}
{%- endmacro %}

{# The first run: every row is current. #}
{% macro default__build_snapshot_table(strategy, sql) -%}
  {%- set columns = config.get('snapshot_table_column_names') or get_snapshot_table_column_names() %}
select *,
  {{ strategy.scd_id }} as {{ columns.dbt_scd_id }},
  {{ strategy.updated_at }} as {{ columns.dbt_updated_at }},
  {{ strategy.updated_at }} as {{ columns.dbt_valid_from }},
  {{ get_dbt_valid_to_current(strategy, columns) }} {%- if strategy.hard_deletes == 'new_record' %}, 'False' as {{ columns.dbt_is_deleted }}{% endif %}
from (
  {{ sql }}
) sbq
{% endmacro %}

{% macro build_snapshot_staging_table(strategy, sql, target_relation) -%}
  {%- set staged = make_temp_relation(target_relation) -%}
  {%- set query = snapshot_staging_table(strategy, sql, target_relation) -%}
  {%- call statement('build_snapshot_staging_relation') %}{{ create_table_as(True, staged, query) }}{% endcall -%}
  {{ return(staged) }}
{%- endmacro %}

{# Old versions get their end, new ones come in. #}
{% macro default__snapshot_merge_sql(target, source, insert_cols) -%}
  {%- set columns = config.get('snapshot_table_column_names') or get_snapshot_table_column_names() -%}
  {%- set names, current_end = insert_cols | join(', '), config.get('dbt_valid_to_current') -%}
  {%- set ends = 'DBT_INTERNAL_DEST.' ~ columns.dbt_valid_to %}
merge into {{ target.render() }} as DBT_INTERNAL_DEST
using {{ source }} as DBT_INTERNAL_SOURCE
on DBT_INTERNAL_SOURCE.{{ columns.dbt_scd_id }} = DBT_INTERNAL_DEST.{{ columns.dbt_scd_id }}
when matched
  and {% if current_end %}({{ equals(ends | trim, current_end | trim) }} or {{ ends | trim }} is null){% else %}{{ ends }} is null{% endif %}
  and DBT_INTERNAL_SOURCE.dbt_change_type in ('update', 'delete')
then update set {{ columns.dbt_valid_to }} = DBT_INTERNAL_SOURCE.{{ columns.dbt_valid_to }}
when not matched and DBT_INTERNAL_SOURCE.dbt_change_type = 'insert'
then insert ({{ names }})
values ({{ names }})
{% endmacro %}

{# A warning where updated_at and the engine's time differ in type. #}
{% macro get_updated_at_column_data_type(snapshot_sql) -%}
  {%- set ns = namespace(type=none) -%}
  {%- for column in get_column_schema_from_query(snapshot_sql) if column.column in ['dbt_updated_at', 'DBT_UPDATED_AT'] -%}
    {%- set ns.type = column.dtype -%}
  {%- endfor -%}
  {{ return(ns.type or none) }}
{%- endmacro %}
{% macro check_time_data_types(sql) -%}
  {%- set updated_at = get_updated_at_column_data_type(sql) -%}
  {%- set now = get_snapshot_get_time_data_type() -%}
  {%- if now is not none and updated_at is not none and now != updated_at and exceptions.warn_snapshot_timestamp_data_types -%}
    {{ exceptions.warn_snapshot_timestamp_data_types(now, updated_at) }}
  {%- endif -%}
{%- endmacro %}
