{# Hooks, seeds, snapshots and incremental strategies in DuckDB. #}

{# A connection's transactions are DuckDB's own affair: nothing is committed before the hooks that stand outside. #}
{% macro run_hooks(hooks, inside_transaction=True) -%}
  {%- for hook in hooks | selectattr('transaction', 'equalto', inside_transaction) -%}
    {%- set sql = render(hook.get('sql')) | trim -%}
    {%- if sql -%}
      {%- call statement(auto_begin=inside_transaction) %}{{ sql }}{% endcall -%}
    {%- endif -%}
  {%- endfor -%}
{%- endmacro %}

{% macro duckdb__get_binding_char() %}{{ return(adapter.get_binding_char()) }}{% endmacro %}
{% macro duckdb__get_batch_size() %}{{ return(10000) }}{% endmacro %}
{# DuckDB reads the file itself, unless the seed says otherwise. #}
{% macro duckdb__load_csv_rows(model, agate_table) -%}
  {%- if not config.get('fast', true) -%}
    {{ return(default__load_csv_rows(model, adapter.convert_datetimes_to_strs(agate_table))) }}
  {%- endif -%}
  {%- set sql -%}
    COPY {{ this.render() }} FROM '{{ adapter.get_seed_file_path(model) }}' (FORMAT CSV, HEADER TRUE, DELIMITER '{{ config.get('delimiter', ',') }}')
  {%- endset -%}
  {%- do adapter.add_query(sql, abridge_sql_log=True) -%}
  {{ return(sql) }}
{%- endmacro %}

{% macro build_snapshot_staging_table(strategy, sql, target_relation) -%}
  {%- set staged = duckdb__dispatch_temporary_relation(target_relation) -%}
  {%- set query = snapshot_staging_table(strategy, sql, target_relation) -%}
  {%- call statement('build_snapshot_staging_relation') %}{{ create_table_as(staged.temporary, staged.relation, query) }}{% endcall -%}
  {{ return(staged.relation) }}
{%- endmacro %}
{% macro duckdb__post_snapshot(temporary_relation) %}{{ return(drop_relation(temporary_relation)) }}{% endmacro %}
{% macro duckdb__snapshot_merge_sql(target, source, insert_cols) -%}
  {%- set columns = config.get('snapshot_table_column_names') or get_snapshot_table_column_names() -%}
  {%- set ends, current_end = 'DBT_INTERNAL_TARGET.' ~ columns.dbt_valid_to, config.get('dbt_valid_to_current') %}
update {{ target }} as DBT_INTERNAL_TARGET
set {{ columns.dbt_valid_to }} = DBT_INTERNAL_SOURCE.{{ columns.dbt_valid_to }}
from {{ source }} as DBT_INTERNAL_SOURCE
where DBT_INTERNAL_SOURCE.{{ columns.dbt_scd_id }}::text = DBT_INTERNAL_TARGET.{{ columns.dbt_scd_id }}::text
  and DBT_INTERNAL_SOURCE.dbt_change_type::text in ('update'::text, 'delete'::text)
  and {% if current_end %}({{ ends }} = {{ current_end }} or {{ ends }} is null){% else %}{{ ends }} is null{% endif %};
insert into {{ target }} ({{ insert_cols | join(', ') }})
select {% for name in insert_cols %}DBT_INTERNAL_SOURCE.{{ name }}{{ ', ' if not loop.last }}{% endfor %}
from {{ source }} as DBT_INTERNAL_SOURCE
where DBT_INTERNAL_SOURCE.dbt_change_type::text = 'insert'::text;
{% endmacro %}

{% macro duckdb__get_incremental_default_sql(arg_dict) %}{{ return(get_incremental_delete_insert_sql(arg_dict)) }}{% endmacro %}

{# Of several keys a row is deleted where all agree; the conditions then stand inside the parentheses. #}
{% macro duckdb__get_delete_insert_merge_sql(target, source, unique_key, dest_columns, incremental_predicates) -%}
  {%- set columns = get_quoted_csv(dest_columns | map(attribute='name')) -%}
  {%- set further -%}
    {%- for predicate in incremental_predicates or [] %} and {{ predicate }} {% endfor -%}
  {%- endset -%}
  {%- if unique_key and unique_key is sequence and unique_key is not string %}
delete from {{ target }} as DBT_INCREMENTAL_TARGET
using {{ source }}
where ( {% for key in unique_key %}{{ source }}.{{ key }} = DBT_INCREMENTAL_TARGET.{{ key }}{{ ' and ' if not loop.last }}{% endfor %} {{ further }} );
  {%- elif unique_key %}
delete from {{ target }}
where ( {{ unique_key }} ) in (
  select ({{ unique_key }}) from {{ source }}
) {{ further }};
  {%- endif %}
insert into {{ target }} ({{ columns }})
(
  select {{ columns }} from {{ source }}
)
{%- endmacro %}

{# The batch's interval is deleted and written again. #}
{% macro duckdb__get_incremental_microbatch_sql(arg_dict) -%}
  {%- set event_time, batch = config.get('event_time'), model.get('batch') or {} -%}
  {%- if not event_time -%}
    {{ exceptions.raise_compiler_error("microbatch incremental strategy requires an 'event_time' model config") }}
  {%- elif config.get('unique_key') -%}
    {{ exceptions.raise_compiler_error("microbatch incremental strategy does not support 'unique_key'. Microbatch runs delete+insert per batch based on 'event_time' and does not do key-based upserts. Remove 'unique_key' or use incremental_strategy='merge'.") }}
  {%- elif not (batch.get('event_time_start') and batch.get('event_time_end')) -%}
    {{ exceptions.raise_compiler_error("microbatch incremental strategy requires 'batch.event_time_start' and 'batch.event_time_end' to be set in the context") }}
  {%- endif -%}
  {%- set predicates = normalize_incremental_predicates(arg_dict.get('incremental_predicates')) -%}
  {%- set columns = get_quoted_csv(arg_dict['dest_columns'] | map(attribute='name')) -%}
  {%- set interval = event_time ~ " >= '" ~ batch.get('event_time_start') ~ "' and " ~ event_time ~ " < '" ~ batch.get('event_time_end') ~ "'" -%}
  {%- set sql -%}
    delete from {{ arg_dict['target_relation'] }}
    where {{ interval }} {% for predicate in predicates %} and ({{ predicate }}) {% endfor %};
    insert into {{ arg_dict['target_relation'] }} ({{ columns }})
    select {{ columns }} from {{ arg_dict['temp_relation'] }}
    where {{ interval }};
  {%- endset -%}
  {{ return(sql) }}
{%- endmacro %}
