{# Tables, views and schemas in PostgreSQL. #}
{% macro postgres__create_table_as(temporary, relation, sql) -%}
  {%- set contract = config.get('contract') -%}
  {%- set unlogged = config.get('unlogged', default=false) %}
{{ config.get('sql_header') or '' }}
create {{ 'temporary' if temporary else 'unlogged' if unlogged }} table {{ relation }}
{% if contract.enforced %}{{ get_assert_columns_equivalent(sql) }}{% endif %}
{% if contract.enforced and not temporary -%}
  {{ get_table_columns_and_constraints() }} ;
  insert into {{ relation }} ( {{ adapter.dispatch('get_column_names', 'dbt')() }} )
  {%- set sql = get_select_subquery(sql) -%}
{%- else -%}
  as
{%- endif %}
(
  {{ sql }}
);
{%- endmacro %}

{% macro postgres__get_replace_table_sql(relation, sql) %}
{{ config.get('sql_header') or '' }}
create or replace table {{ relation }}
{% if config.get('contract').enforced -%}
  {{ get_assert_columns_equivalent(sql) }}
  {{ get_table_columns_and_constraints() }}
  {%- set sql = get_select_subquery(sql) -%}
{%- endif %}
as (
  {{ sql }}
);
{% endmacro %}
{% macro postgres__get_replace_view_sql(relation, sql) %}
{{ config.get('sql_header') or '' }}
create or replace view {{ relation }}
{% if config.get('contract').enforced %}{{ get_assert_columns_equivalent(sql) }}{% endif %}
as (
  {{ sql }}
);
{% endmacro %}
{% macro postgres__drop_table(relation) %}drop table if exists {{ relation }} cascade{% endmacro %}
{% macro postgres__drop_view(relation) %}drop view if exists {{ relation }} cascade{% endmacro %}
{% macro postgres__get_rename_table_sql(relation, new_name) %}alter table {{ relation }} rename to {{ new_name }}{% endmacro %}
{% macro postgres__get_rename_view_sql(relation, new_name) %}alter view {{ relation }} rename to {{ new_name }}{% endmacro %}

{# A session sees one database: every macro that takes a database checks that it is this one. #}
{% macro postgres__create_schema(relation) -%}
  {%- if relation.database -%} {{ adapter.verify_database(relation.database) }} {%- endif -%}
  {%- call statement('create_schema') %}create schema if not exists {{ relation.without_identifier().include(database=False) }}{% endcall -%}
{%- endmacro %}
{% macro postgres__drop_schema(relation) -%}
  {%- if relation.database -%} {{ adapter.verify_database(relation.database) }} {%- endif -%}
  {%- call statement('drop_schema') %}drop schema if exists {{ relation.without_identifier().include(database=False) }} cascade{% endcall -%}
{%- endmacro %}

{# Names have a limit: the base is cut, never the suffix. #}
{% macro postgres__make_relation_with_suffix(base_relation, suffix, dstring) -%}
  {%- if dstring -%}
    {%- set suffix = suffix ~ modules.datetime.datetime.now().strftime('%H%M%S%f') -%}
  {%- endif -%}
  {%- set longest, needed = base_relation.relation_max_name_length(), suffix | length -%}
  {%- if needed > longest -%}
    {%- do exceptions.raise_compiler_error('Relation suffix is too long (' ~ needed ~ ' characters). Maximum length is ' ~ longest ~ ' characters.') -%}
  {%- endif -%}
  {{ return(base_relation.incorporate(path={'identifier': base_relation.identifier[:longest - needed] ~ suffix})) }}
{%- endmacro %}
{% macro postgres__make_intermediate_relation(base_relation, suffix) %}{{ return(postgres__make_relation_with_suffix(base_relation, suffix, dstring=False)) }}{% endmacro %}
{% macro postgres__make_temp_relation(base_relation, suffix) -%}
  {%- set timed = postgres__make_relation_with_suffix(base_relation, suffix, dstring=True) -%}
  {{ return(timed.incorporate(path={'schema': none, 'database': none})) }}
{%- endmacro %}
{% macro postgres__make_backup_relation(base_relation, backup_relation_type, suffix) -%}
  {{ return(postgres__make_relation_with_suffix(base_relation, suffix, dstring=False).incorporate(type=backup_relation_type)) }}
{%- endmacro %}

{% macro postgres__copy_grants() %}{{ return(False) }}{% endmacro %}
{% macro postgres__get_show_grant_sql(relation) %}
select grantee, privilege_type
from {{ relation.information_schema('role_table_grants') }}
where grantor = current_role and grantee != current_role
  and table_schema = '{{ relation.schema }}' and table_name = '{{ relation.identifier }}'
{% endmacro %}

{# Descriptions stand between dollar quotes, which need no escapes. #}
{% macro postgres_escape_comment(comment) -%}
  {%- set quote = '$dbt_comment_literal_block$' -%}
  {%- if comment is not string -%}
    {%- do exceptions.raise_compiler_error('cannot escape a non-string: ' ~ comment) -%}
  {%- elif quote in comment -%}
    {%- do exceptions.raise_compiler_error('The string ' ~ quote ~ ' is not allowed in comments.') -%}
  {%- endif -%}
  {{ quote }}{{ comment }}{{ quote }}
{%- endmacro %}
{% macro postgres__alter_relation_comment(relation, comment) -%}
  {%- set text = postgres_escape_comment(comment) -%}
  comment on {{ 'materialized view' if relation.type == 'materialized_view' else relation.type }} {{ relation }} is {{ text }};
{%- endmacro %}
{% macro postgres__alter_column_comment(relation, column_dict) -%}
  {%- set existing = adapter.get_columns_in_relation(relation) | map(attribute='name') | list -%}
  {%- for name, column in column_dict.items() if name in existing %}
    comment on column {{ relation }}.{{ adapter.quote(name) if column['quote'] else name }} is {{ postgres_escape_comment(column['description']) }};
  {%- endfor -%}
{%- endmacro %}
