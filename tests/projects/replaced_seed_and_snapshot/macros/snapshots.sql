{% macro default__snapshot_merge_sql(target, source, insert_cols) -%}
    {%- set insert_cols_csv = insert_cols | join(', ') -%}
    {%- set columns = config.get("snapshot_table_column_names") or get_snapshot_table_column_names() -%}
    update {{ target }} as t set {{ columns.dbt_valid_to }} = s.{{ columns.dbt_valid_to }}
    from {{ source }} as s
    where s.{{ columns.dbt_scd_id }}::varchar = t.{{ columns.dbt_scd_id }}::varchar and s.dbt_change_type::varchar in ('update', 'delete')
      and (t.{{ columns.dbt_valid_to }} is null or t.{{ columns.dbt_valid_to }} = {{ config.get('dbt_valid_to_current') or 'null' }});
    insert into {{ target }} ({{ insert_cols_csv }}) select {{ insert_cols_csv }} from {{ source }} s where s.dbt_change_type::varchar = 'insert';
    create table if not exists main.merged (name varchar);
    insert into main.merged values ('{{ target.identifier }}');
{%- endmacro %}
{% macro duckdb__snapshot_merge_sql(target, source, insert_cols) -%}
    {{ return(default__snapshot_merge_sql(target, source, insert_cols)) }}
{%- endmacro %}
