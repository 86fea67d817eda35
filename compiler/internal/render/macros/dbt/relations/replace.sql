{# The statements that create, replace, rename and drop a relation of any type. Each step says in the log what it is applied to. #}
{% macro get_create_sql(relation, sql) -%}
  {%- do log('Applying CREATE to: ' ~ relation) -%}
  {{ adapter.dispatch('get_create_sql', 'dbt')(relation, sql) }}
{%- endmacro %}
{% macro get_create_backup_sql(relation) -%}
  {%- do log('Applying CREATE BACKUP to: ' ~ relation) -%}
  {{ adapter.dispatch('get_create_backup_sql', 'dbt')(relation) }}
{%- endmacro %}
{% macro get_create_intermediate_sql(relation, sql) -%}
  {%- do log('Applying CREATE INTERMEDIATE to: ' ~ relation) -%}
  {{ adapter.dispatch('get_create_intermediate_sql', 'dbt')(relation, sql) }}
{%- endmacro %}
{% macro get_drop_sql(relation) -%}
  {%- do log('Applying DROP to: ' ~ relation) -%}
  {{ adapter.dispatch('get_drop_sql', 'dbt')(relation) }}
{%- endmacro %}
{% macro get_drop_backup_sql(relation) -%}
  {%- do log('Applying DROP BACKUP to: ' ~ relation) -%}
  {{ adapter.dispatch('get_drop_backup_sql', 'dbt')(relation) }}
{%- endmacro %}
{% macro get_rename_sql(relation, new_name) -%}
  {%- do log('Applying RENAME to: ' ~ relation) -%}
  {{ adapter.dispatch('get_rename_sql', 'dbt')(relation, new_name) }}
{%- endmacro %}
{% macro get_rename_intermediate_sql(relation) -%}
  {%- do log('Applying RENAME INTERMEDIATE to: ' ~ relation) -%}
  {{ adapter.dispatch('get_rename_intermediate_sql', 'dbt')(relation) }}
{%- endmacro %}
{% macro get_replace_sql(existing_relation, target_relation, sql) -%}
  {%- do log('Applying REPLACE to: ' ~ existing_relation) -%}
  {{ adapter.dispatch('get_replace_sql', 'dbt')(existing_relation, target_relation, sql) }}
{%- endmacro %}

{% macro drop_table(relation) %}{{ adapter.dispatch('drop_table', 'dbt')(relation) }}{% endmacro %}
{% macro drop_view(relation) %}{{ adapter.dispatch('drop_view', 'dbt')(relation) }}{% endmacro %}
{% macro drop_materialized_view(relation) %}{{ adapter.dispatch('drop_materialized_view', 'dbt')(relation) }}{% endmacro %}
{% macro get_rename_table_sql(relation, new_name) %}{{ adapter.dispatch('get_rename_table_sql', 'dbt')(relation, new_name) }}{% endmacro %}
{% macro get_rename_view_sql(relation, new_name) %}{{ adapter.dispatch('get_rename_view_sql', 'dbt')(relation, new_name) }}{% endmacro %}
{% macro get_rename_materialized_view_sql(relation, new_name) %}{{ adapter.dispatch('get_rename_materialized_view_sql', 'dbt')(relation, new_name) }}{% endmacro %}
{% macro get_replace_table_sql(relation, sql) %}{{ adapter.dispatch('get_replace_table_sql', 'dbt')(relation, sql) }}{% endmacro %}
{% macro get_replace_view_sql(relation, sql) %}{{ adapter.dispatch('get_replace_view_sql', 'dbt')(relation, sql) }}{% endmacro %}
{% macro get_replace_materialized_view_sql(relation, sql) %}{{ adapter.dispatch('get_replace_materialized_view_sql', 'dbt')(relation, sql) }}{% endmacro %}
{% macro get_create_materialized_view_as_sql(relation, sql) %}{{ adapter.dispatch('get_create_materialized_view_as_sql', 'dbt')(relation, sql) }}{% endmacro %}

{% macro default__drop_table(relation) %}drop table if exists {{ relation.render() }} cascade{% endmacro %}
{% macro default__drop_view(relation) %}drop view if exists {{ relation.render() }} cascade{% endmacro %}
{% macro default__drop_materialized_view(relation) %}drop materialized view if exists {{ relation.render() }} cascade{% endmacro %}
{% macro default__get_rename_table_sql(relation, new_name) %}{{ exceptions.raise_compiler_error('`get_rename_table_sql` has not been implemented for this adapter.') }}{% endmacro %}
{% macro default__get_rename_view_sql(relation, new_name) %}{{ exceptions.raise_compiler_error('`get_rename_view_sql` has not been implemented for this adapter.') }}{% endmacro %}
{% macro default__get_rename_materialized_view_sql(relation, new_name) %}{{ exceptions.raise_compiler_error('`get_rename_materialized_view_sql` has not been implemented for this adapter.') }}{% endmacro %}
{% macro default__get_replace_table_sql(relation, sql) %}{{ exceptions.raise_compiler_error('`get_replace_table_sql` has not been implemented for this adapter.') }}{% endmacro %}
{% macro default__get_replace_view_sql(relation, sql) %}{{ exceptions.raise_compiler_error('`get_replace_view_sql` has not been implemented for this adapter.') }}{% endmacro %}
{% macro default__get_replace_materialized_view_sql(relation, sql) %}{{ exceptions.raise_compiler_error('`get_replace_materialized_view_sql` has not been implemented for this adapter.') }}{% endmacro %}
{% macro default__get_create_materialized_view_as_sql(relation, sql) %}{{ exceptions.raise_compiler_error('`get_create_materialized_view_as_sql` has not been implemented for this adapter.') }}{% endmacro %}

{% macro default__get_create_sql(relation, sql) -%}
  {%- if relation.is_view -%} {{ get_create_view_as_sql(relation, sql) }}
  {%- elif relation.is_table -%} {{ get_create_table_as_sql(False, relation, sql) }}
  {%- elif relation.is_materialized_view -%} {{ get_create_materialized_view_as_sql(relation, sql) }}
  {%- else -%} {{ exceptions.raise_compiler_error('`get_create_sql` has not been implemented for: ' ~ relation.type) }}
  {%- endif -%}
{%- endmacro %}
{% macro default__get_drop_sql(relation) -%}
  {%- if relation.is_view -%} {{ drop_view(relation) }}
  {%- elif relation.is_table -%} {{ drop_table(relation) }}
  {%- elif relation.is_materialized_view -%} {{ drop_materialized_view(relation) }}
  {%- else -%} drop {{ relation.type }} if exists {{ relation.render() }} cascade
  {%- endif -%}
{%- endmacro %}
{% macro default__get_rename_sql(relation, new_name) -%}
  {%- if relation.is_view -%} {{ get_rename_view_sql(relation, new_name) }}
  {%- elif relation.is_table -%} {{ get_rename_table_sql(relation, new_name) }}
  {%- elif relation.is_materialized_view -%} {{ get_rename_materialized_view_sql(relation, new_name) }}
  {%- else -%} {{ exceptions.raise_compiler_error('`get_rename_sql` has not been implemented for: ' ~ relation.type) }}
  {%- endif -%}
{%- endmacro %}

{# Each begins with a clean name: what an interrupted run left there is dropped. #}
{% macro default__get_create_backup_sql(relation) -%}
  {%- set backup = make_backup_relation(relation, relation.type) -%}
  {{ get_drop_sql(backup) }};
  {{ get_rename_sql(relation, backup.identifier) }}
{%- endmacro %}
{% macro default__get_create_intermediate_sql(relation, sql) -%}
  {%- set intermediate = make_intermediate_relation(relation) -%}
  {{ get_drop_sql(intermediate) }};
  {{ get_create_sql(intermediate, sql) }}
{%- endmacro %}
{% macro default__get_rename_intermediate_sql(relation) %}{{ get_rename_sql(make_intermediate_relation(relation), relation.identifier) }}{% endmacro %}
{% macro default__get_drop_backup_sql(relation) %}{{ get_drop_sql(make_backup_relation(relation, relation.type)) }}{% endmacro %}

{# In place where the engine can; else as much aside as can be renamed, so that the name is empty as briefly as possible. #}
{% macro default__get_replace_sql(existing_relation, target_relation, sql) -%}
  {%- set aside, keep = target_relation.can_be_renamed, existing_relation.can_be_renamed -%}
  {%- set in_place = existing_relation.can_be_replaced and existing_relation.type == target_relation.type -%}
  {%- if in_place and existing_relation.is_view -%}
    {{ get_replace_view_sql(target_relation, sql) }}
  {%- elif in_place and existing_relation.is_table -%}
    {{ get_replace_table_sql(target_relation, sql) }}
  {%- elif in_place and existing_relation.is_materialized_view -%}
    {{ get_replace_materialized_view_sql(target_relation, sql) }}
  {%- else -%}
    {%- if aside -%} {{ get_create_intermediate_sql(target_relation, sql) }}; {%- endif -%}
    {%- if keep %} {{ get_create_backup_sql(existing_relation) }}; {% else %} {{ get_drop_sql(existing_relation) }}; {% endif -%}
    {%- if aside %} {{ get_rename_intermediate_sql(target_relation) }} {% else %} {{ get_create_sql(target_relation, sql) }} {% endif -%}
    {%- if keep -%}; {{ get_drop_backup_sql(existing_relation) }} {%- endif -%}
  {%- endif -%}
{%- endmacro %}
