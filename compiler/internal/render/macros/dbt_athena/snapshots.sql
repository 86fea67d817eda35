{# Snapshots in Athena: an Iceberg table is merged into, a Hive table is written anew. #}
{% macro athena__snapshot_hash_arguments(args) -%}
  to_hex(md5(to_utf8({% for arg in args %}coalesce(cast({{ arg }} as varchar ), ''){{ " || '|' || " if not loop.last }}{% endfor %})))
{%- endmacro %}

{% macro iceberg_snapshot_merge_sql(target, source, insert_cols) %}
merge into {{ target }} as dbt_internal_dest
using {{ source }} as dbt_internal_source
on dbt_internal_source.dbt_scd_id = dbt_internal_dest.dbt_scd_id
when matched
  and dbt_internal_dest.dbt_valid_to is null
  and dbt_internal_source.dbt_change_type in ('update', 'delete')
then update set dbt_valid_to = dbt_internal_source.dbt_valid_to
when not matched and dbt_internal_source.dbt_change_type = 'insert'
then insert ({{ insert_cols | join(', ') }})
values ({% for name in insert_cols %}dbt_internal_source.{{ name }}{{ ', ' if not loop.last }}{% endfor %})
{% endmacro %}

{# Three parts: what stays as it is, what ends, what is new. #}
{% macro hive_create_new_snapshot_table(target, source, insert_cols) -%}
  {%- set built = make_temp_relation(target, '__dbt_tmp_snapshot') -%}
  {%- set leftover = load_cached_relation(built) -%}
  {%- if leftover is not none -%}
    {%- do adapter.drop_relation(leftover) -%}
  {%- endif -%}
  {%- set old, ended, new = [], [], [] -%}
  {%- for name in insert_cols -%}
    {%- do old.append('dbt_internal_dest.' ~ name) -%}
    {%- do new.append('dbt_internal_source.' ~ name) -%}
    {%- do ended.append(('dbt_internal_source.' if name.replace('"', '') == 'dbt_valid_to' else 'dbt_internal_dest.') ~ name) -%}
  {%- endfor -%}
  {%- do adapter.get_columns_in_relation(source) -%}
  {%- set sql -%}
    select {{ old | join(', ') }}
    from {{ target }} as dbt_internal_dest
    left join {{ source }} as dbt_internal_source on dbt_internal_source.dbt_scd_id = dbt_internal_dest.dbt_scd_id
    where dbt_internal_source.dbt_scd_id is null
    union all
    select {{ ended | join(', ') }}
    from {{ target }} as dbt_internal_dest
    inner join {{ source }} as dbt_internal_source on dbt_internal_source.dbt_scd_id = dbt_internal_dest.dbt_scd_id
    where dbt_internal_dest.dbt_valid_to is null and dbt_internal_source.dbt_change_type in ('update', 'delete')
    union all
    select {{ new | join(', ') }}
    from {{ source }} as dbt_internal_source
    left join {{ target }} as dbt_internal_dest on dbt_internal_dest.dbt_scd_id = dbt_internal_source.dbt_scd_id
    where dbt_internal_dest.dbt_scd_id is null
  {%- endset -%}
  {%- call statement('create_new_snapshot_table') %}{{ create_table_as(False, built, sql) }}{% endcall -%}
  {{ return(built) }}
{%- endmacro %}
{% macro hive_snapshot_merge_sql(target, source, insert_cols, table_type) -%}
  {%- set old = adapter.get_relation(database=target.database, schema=target.schema, identifier=target.identifier) -%}
  {%- if old is not none -%}
    {%- do adapter.drop_relation(old) -%}
  {%- endif -%}
  {{ create_table_as(False, old, 'select * from ' ~ source ~ ';') }}
{%- endmacro %}
