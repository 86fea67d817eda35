{# The materializations. weft carries them out itself (package lower); those that are whole here are run in its place where a project
   replaces a macro that they are made of. A template that calls one of the others as a macro is told that it cannot. #}
{% materialization view, default %}
  {%- set target, aside = this.incorporate(type='view'), make_intermediate_relation(this.incorporate(type='view')) -%}
  {%- set old, left = load_cached_relation(this), load_cached_relation(aside) -%}
  {%- set backup = make_backup_relation(target, old.type if old is not none else 'view') -%}
  {%- set left_backup = load_cached_relation(backup) -%}
  {%- do run_hooks(pre_hooks, inside_transaction=False) -%}
  {%- do drop_relation_if_exists(left) -%}
  {%- do drop_relation_if_exists(left_backup) -%}
  {%- do run_hooks(pre_hooks, inside_transaction=True) -%}
  {%- call statement('main') %}{{ get_create_view_as_sql(aside, sql) }}{% endcall -%}
  {%- if old is not none and load_cached_relation(old) is not none -%}
    {%- do adapter.rename_relation(old, backup) -%}
  {%- endif -%}
  {%- do adapter.rename_relation(aside, target) -%}
  {%- do apply_grants(target, config.get('grants'), should_revoke=should_revoke(old, full_refresh_mode=True)) -%}
  {%- do persist_docs(target, model) -%}
  {%- do run_hooks(post_hooks, inside_transaction=True) -%}
  {%- do adapter.commit() -%}
  {%- do drop_relation_if_exists(backup) -%}
  {%- do run_hooks(post_hooks, inside_transaction=False) -%}
  {{ return({'relations': [target]}) }}
{% endmaterialization %}
{% materialization table, default %}{% do exceptions.raise_compiler_error('the materialization table is carried out by weft and cannot be called from a template') %}{% endmaterialization %}
{% materialization incremental, default %}{% do exceptions.raise_compiler_error('the materialization incremental is carried out by weft and cannot be called from a template') %}{% endmaterialization %}
{% materialization materialized_view, default %}{% do exceptions.raise_compiler_error('the materialization materialized_view is carried out by weft and cannot be called from a template') %}{% endmaterialization %}
{% materialization seed, default %}{% do exceptions.raise_compiler_error('the materialization seed is carried out by weft and cannot be called from a template') %}{% endmaterialization %}
{% materialization snapshot, default %}{% do exceptions.raise_compiler_error('the materialization snapshot is carried out by weft and cannot be called from a template') %}{% endmaterialization %}
{% materialization clone, default %}{% do exceptions.raise_compiler_error('the materialization clone is carried out by weft and cannot be called from a template') %}{% endmaterialization %}
{% materialization function, default, supported_languages=['sql', 'python', 'javascript'] %}{% do exceptions.raise_compiler_error('the materialization function is carried out by weft and cannot be called from a template') %}{% endmaterialization %}
