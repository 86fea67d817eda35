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
{# A seed by statements: where a project replaces a macro that seeds are made of, or sets `fast: false`. #}
{% materialization seed, default %}
  {%- set target, anew = this.incorporate(type='table'), should_full_refresh() -%}
  {%- set old = adapter.get_relation(database=database, schema=schema, identifier=model['alias']) -%}
  {%- set rows = load_agate_table() -%}
  {%- set count, code = rows.rows | length, 'CREATE' if anew else 'INSERT' -%}
  {%- do store_result('agate_table', response='OK', agate_table=rows) -%}
  {%- do run_hooks(pre_hooks, inside_transaction=False) -%}
  {%- do run_hooks(pre_hooks, inside_transaction=True) -%}
  {%- if old is not none and old.is_view -%}
    {%- do exceptions.raise_compiler_error("Cannot seed to '" ~ old.render() ~ "', it is a view") -%}
  {%- endif -%}
  {%- set there = old is not none and old.is_table -%}
  {%- set made = reset_csv_table(model, anew, old, rows) if there else create_csv_table(model, rows) -%}
  {%- set loaded = load_csv_rows(model, rows) if count else '' -%}
  {%- call noop_statement('main', code ~ ' ' ~ count, code, count) %}{{ get_csv_sql(made, loaded) }};{% endcall -%}
  {%- do apply_grants(target, config.get('grants'), should_revoke=should_revoke(old, anew)) -%}
  {%- do persist_docs(target, model) -%}
  {%- if anew or not there -%}
    {%- do create_indexes(target) -%}
  {%- endif -%}
  {%- do run_hooks(post_hooks, inside_transaction=True) -%}
  {%- do adapter.commit() -%}
  {%- do run_hooks(post_hooks, inside_transaction=False) -%}
  {{ return({'relations': [target]}) }}
{% endmaterialization %}
{# A snapshot by statements: the changes are staged, and then merged. #}
{% materialization snapshot, default %}
  {%- set there, target = get_or_create_relation(database=model.database, schema=model.schema, identifier=model.get('alias', model.get('name')), type='table') -%}
  {%- if not target.is_table -%}
    {%- do exceptions.relation_wrong_type(target, 'table') -%}
  {%- endif -%}
  {%- do run_hooks(pre_hooks, inside_transaction=False) -%}
  {%- do run_hooks(pre_hooks, inside_transaction=True) -%}
  {%- set strategy = strategy_dispatch(config.get('strategy'))(model, 'snapshotted_data', 'source_data', model['config'], there) -%}
  {%- set ns = namespace(staged=none) -%}
  {%- if there -%}
    {%- do adapter.assert_valid_snapshot_target_given_strategy(target, config.get('snapshot_table_column_names') or get_snapshot_table_column_names(), strategy) -%}
    {%- set query = snapshot_staging_table(strategy, sql, target) -%}
    {%- set ns.staged = build_snapshot_staging_table(strategy, sql, target) -%}
    {%- do adapter.expand_target_column_types(from_relation=ns.staged, to_relation=target) -%}
    {%- set helpers = ['dbt_change_type', 'DBT_CHANGE_TYPE', 'dbt_unique_key', 'DBT_UNIQUE_KEY'] -%}
    {%- if config.get('unique_key') | is_list -%}
      {%- for key in strategy.unique_key -%}
        {%- do helpers.extend(['dbt_unique_key_' ~ loop.index, 'DBT_UNIQUE_KEY_' ~ loop.index]) -%}
      {%- endfor -%}
    {%- endif -%}
    {%- do create_columns(target, adapter.get_missing_columns(ns.staged, target) | rejectattr('name', 'in', helpers) | list) -%}
    {%- set names = [] -%}
    {%- for column in adapter.get_columns_in_relation(ns.staged) | rejectattr('name', 'in', helpers) -%}
      {%- do names.append(adapter.quote(column.name)) -%}
    {%- endfor -%}
    {%- set work = snapshot_merge_sql(target=target, source=ns.staged, insert_cols=names) -%}
  {%- else -%}
    {%- set query = build_snapshot_table(strategy, model['compiled_code']) -%}
    {%- set work = create_table_as(False, target, query) -%}
  {%- endif -%}
  {%- do check_time_data_types(query) -%}
  {%- call statement('main') %}{{ work }}{% endcall -%}
  {%- do apply_grants(target, config.get('grants'), should_revoke=should_revoke(there, full_refresh_mode=False)) -%}
  {%- do persist_docs(target, model) -%}
  {%- if not there -%}
    {%- do create_indexes(target) -%}
  {%- endif -%}
  {%- do run_hooks(post_hooks, inside_transaction=True) -%}
  {%- do adapter.commit() -%}
  {%- if ns.staged is not none -%}
    {%- do post_snapshot(ns.staged) -%}
  {%- endif -%}
  {%- do run_hooks(post_hooks, inside_transaction=False) -%}
  {{ return({'relations': [target]}) }}
{% endmaterialization %}
{% materialization clone, default %}{% do exceptions.raise_compiler_error('the materialization clone is carried out by weft and cannot be called from a template') %}{% endmaterialization %}
{% materialization function, default, supported_languages=['sql', 'python', 'javascript'] %}{% do exceptions.raise_compiler_error('the materialization function is carried out by weft and cannot be called from a template') %}{% endmaterialization %}
