{% macro duckdb__create_table_as(temporary, relation, compiled_code, language='sql', partitioned_by=none, sorted_by=none) -%}
  create {{ 'temporary' if temporary }} table {{ relation.include(database=(not temporary), schema=(not temporary)) }} as (
    select *, 'replaced' as made_by from ({{ compiled_code }}) q
  );
{%- endmacro %}
{% macro create_schema(relation) -%}
  {%- call statement('create_schema') -%}
    create schema if not exists {{ relation.without_identifier() }};
    create table if not exists main.schemas_made (name varchar);
    insert into main.schemas_made values ('{{ relation.schema }}');
  {%- endcall -%}
{%- endmacro %}
{% macro get_incremental_twice_sql(arg_dict) -%}
  insert into {{ arg_dict['target_relation'] }} select * from {{ arg_dict['temp_relation'] }};
  insert into {{ arg_dict['target_relation'] }} select * from {{ arg_dict['temp_relation'] }};
{%- endmacro %}
{% macro get_where_subquery(relation) -%}{{ return(relation) }}{%- endmacro %}
{% macro default__get_limit_subquery_sql(sql, limit) -%}
  select * from ({{ sql }}) limited {% if limit is not none %}limit {{ limit }}{% endif %}
{%- endmacro %}
