{# The materializations of DuckDB. weft carries them out itself (package lower), but external ones; these texts are run where a project
   replaces a macro that they are made of, where a strategy is the project's own, and for tables with foreign keys. #}

{# A table is built aside and takes the place of the old one. One with foreign keys is built under its own name: DuckDB keeps the name
   that such a table was created under in the table it points at, and does not follow a renaming. #}
{% materialization table, adapter='duckdb', supported_languages=['sql', 'python'] %}
  {%- set language = model['language'] -%}
  {%- set target = this.incorporate(type='table') -%}
  {%- set aside, old = make_intermediate_relation(target), load_cached_relation(this) -%}
  {%- set left, backup = load_cached_relation(aside), make_backup_relation(target, old.type if old is not none else 'table') -%}
  {%- set left_backup = load_cached_relation(backup) -%}
  {%- set in_place, lake = has_foreign_key_constraints(old), adapter.use_ducklake_table_workarounds(target) -%}
  {%- do drop_relation_if_exists(left) -%}
  {%- do drop_relation_if_exists(left_backup) -%}
  {%- do run_hooks(pre_hooks, inside_transaction=False) -%}
  {%- do run_hooks(pre_hooks, inside_transaction=True) -%}
  {%- set partitions, order = duckdb__get_partitioned_by(target, false), duckdb__get_sorted_by(target, false) -%}
  {%- set ns = namespace(dependents=[]) -%}
  {%- if in_place -%}
    {%- if old is not none -%}
      {%- set ns.dependents = drop_relation_for_rebuild(old) -%}
    {%- endif -%}
    {%- call statement('main', language=language) %}{{ create_table_as(False, target, compiled_code, language, partitioned_by=partitions, sorted_by=order) }}{% endcall -%}
  {%- else -%}
    {%- call statement('main', language=language) %}{{ create_table_as(False, aside, compiled_code, language, partitioned_by=partitions, sorted_by=order) }}{% endcall -%}
    {%- if old is not none -%}
      {%- do drop_indexes_on_relation(old) -%}
      {%- if old.is_table and may_be_foreign_key_target(old) -%}
        {%- set ns.dependents = drop_foreign_key_dependents(old) -%}
      {%- endif -%}
      {%- do adapter.rename_relation(old, backup) -%}
    {%- endif -%}
    {%- do adapter.rename_relation(aside, target) -%}
  {%- endif -%}
  {%- do restore_foreign_key_dependents(ns.dependents) -%}
  {%- do create_indexes(target) -%}
  {%- do run_hooks(post_hooks, inside_transaction=True) -%}
  {%- do apply_grants(target, config.get('grants'), should_revoke=should_revoke(old, full_refresh_mode=True)) -%}
  {%- if not lake -%}
    {%- do persist_docs(target, model) -%}
  {%- endif -%}
  {%- do adapter.commit() -%}
  {%- if lake -%}
    {%- if partitions -%}
      {%- call statement('reassert_partitioned_by', auto_begin=False) %}{{ duckdb__alter_table_set_partitioned_by(target, partitions) }}{% endcall -%}
    {%- endif -%}
    {%- if order -%}
      {%- call statement('reassert_sorted_by', auto_begin=False) %}{{ duckdb__alter_table_set_sorted_by(target, order) }}{% endcall -%}
    {%- endif -%}
    {%- do persist_docs(target, model) -%}
  {%- endif -%}
  {%- do drop_relation_if_exists(backup) -%}
  {%- do run_hooks(post_hooks, inside_transaction=False) -%}
  {{ return({'relations': [target]}) }}
{% endmaterialization %}

{# The first build and a full refresh make the whole table; else the new rows are made aside and the strategy's macro applies them. #}
{% materialization incremental, adapter='duckdb', supported_languages=['sql', 'python'] %}
  {%- set language, target, old = model['language'], this.incorporate(type='table'), load_cached_relation(this) -%}
  {%- set aside, backup = make_intermediate_relation(target), make_backup_relation(target, old.type if old is not none else 'table') -%}
  {%- set anew = should_full_refresh() or (old is not none and old.is_view) -%}
  {%- set on_change = incremental_validate_on_schema_change(config.get('on_schema_change'), default='ignore') -%}
  {%- set whole = old is none or anew -%}
  {%- set partitions = duckdb__get_partitioned_by(target, false) if whole else none -%}
  {%- set order = duckdb__get_sorted_by(target, false) if whole else none -%}
  {%- do drop_relation_if_exists(load_cached_relation(aside)) -%}
  {%- do drop_relation_if_exists(load_cached_relation(backup)) -%}
  {%- set new_rows = duckdb__dispatch_temporary_relation(target, adapter.batch_id_for_model(model)) -%}
  {%- set ns = namespace(dependents=[], swap=false, drop=[], columns={}) -%}
  {%- if not new_rows.temporary -%}
    {%- set ns.drop = [new_rows.relation] -%}
  {%- endif -%}
  {%- do run_hooks(pre_hooks, inside_transaction=False) -%}
  {%- do run_hooks(pre_hooks, inside_transaction=True) -%}
  {%- if whole -%}
    {%- if old is not none and has_foreign_key_constraints(old) -%}
      {%- set ns.dependents = drop_relation_for_rebuild(old) -%}
    {%- elif old is not none -%}
      {%- set ns.swap = true -%}
    {%- endif -%}
    {%- set work = create_table_as(False, aside if ns.swap else target, compiled_code, language, partitioned_by=partitions, sorted_by=order) -%}
    {%- set work_language = language -%}
  {%- else -%}
    {%- set make = create_table_as(new_rows.temporary, new_rows.relation, compiled_code, language, partitioned_by=none, sorted_by=none) -%}
    {%- if language == 'python' -%}
      {%- call statement('pre', language=language) %}{{ make }}{% endcall -%}
    {%- else -%}
      {%- do run_query(make) -%}
    {%- endif -%}
    {%- do adapter.expand_target_column_types(from_relation=new_rows.relation, to_relation=target) -%}
    {%- set ns.columns = process_schema_changes(on_change, new_rows.relation, old) -%}
    {%- if not ns.columns -%}
      {%- set ns.columns = adapter.get_columns_in_relation(old) -%}
    {%- endif -%}
    {%- set strategy = adapter.get_incremental_strategy_macro(context, config.get('incremental_strategy') or 'default') -%}
    {%- set work = strategy({
      'target_relation': target, 'temp_relation': new_rows.relation, 'unique_key': config.get('unique_key'), 'dest_columns': ns.columns,
      'incremental_predicates': config.get('predicates', none) or config.get('incremental_predicates', none),
    }) -%}
    {%- set work_language = 'sql' -%}
  {%- endif -%}
  {%- call statement('main', language=work_language, auto_begin=not ((partitions or order) and adapter.is_ducklake(target))) %}{{ work }}{% endcall -%}
  {%- if ns.swap -%}
    {%- do drop_indexes_on_relation(target) -%}
    {%- if may_be_foreign_key_target(target) -%}
      {%- set ns.dependents = drop_foreign_key_dependents(target) -%}
    {%- endif -%}
    {%- do adapter.rename_relation(old, backup) -%}
    {%- do adapter.rename_relation(aside, target) -%}
    {%- do ns.drop.append(backup) -%}
  {%- endif -%}
  {%- do restore_foreign_key_dependents(ns.dependents) -%}
  {%- do apply_grants(target, config.get('grants'), should_revoke=should_revoke(old, anew)) -%}
  {%- if whole -%}
    {%- do create_indexes(target) -%}
  {%- endif -%}
  {%- do persist_docs(target, model) -%}
  {%- do run_hooks(post_hooks, inside_transaction=True) -%}
  {%- do adapter.commit() -%}
  {%- for relation in ns.drop -%}
    {%- if not adapter.is_motherduck() -%}
      {%- do drop_indexes_on_relation(relation) -%}
    {%- endif -%}
    {%- do adapter.drop_relation(relation) -%}
  {%- endfor -%}
  {%- do run_hooks(post_hooks, inside_transaction=False) -%}
  {{ return({'relations': [target]}) }}
{% endmaterialization %}

{# A file, and a view that reads it. DuckDB writes no file with columns for a query without rows, so that such a file gets one row of
   nulls, which its view leaves out. #}
{% materialization external, adapter='duckdb', supported_languages=['sql', 'python'] %}
  {%- set language = model['language'] -%}
  {%- set location = render(config.get('location', default=external_location(this, config))) -%}
  {%- set options = render_write_options(config) -%}
  {%- set copy_options, formats = adapter.external_write_options(location, options), ['csv', 'parquet', 'json'] -%}
  {%- set format = config.get('format') -%}
  {%- if format and format not in formats -%}
    {{ exceptions.raise_compiler_error('Invalid format: ' ~ format ~ '. Allowed formats are: ' ~ formats | join(', ')) }}
  {%- elif not format -%}
    {%- set format = options['format'] | lower if options['format'] | lower in formats else 'parquet' -%}
  {%- endif -%}
  {%- set reader = config.get(format ~ '_read_options', {'union_by_name': False} if format == 'parquet' else {'auto_detect': True}) -%}
  {%- if format != 'parquet' and options.get('compression') and 'compression' not in reader -%}
    {%- set reader = dict(reader, compression=options['compression']) -%}
  {%- endif -%}
  {%- set target, old = this.incorporate(type='view'), load_cached_relation(this) -%}
  {%- set rows = make_intermediate_relation(this.incorporate(type='table'), suffix='__dbt_tmp') -%}
  {%- set aside = make_intermediate_relation(target, suffix='__dbt_int') -%}
  {%- set backup = make_backup_relation(target, old.type if old is not none else 'table') -%}
  {%- for left in [aside, rows, backup] -%}
    {%- do drop_relation_if_exists(load_cached_relation(left)) -%}
  {%- endfor -%}
  {%- do run_hooks(pre_hooks, inside_transaction=False) -%}
  {%- do run_hooks(pre_hooks, inside_transaction=True) -%}
  {%- call statement('create_table', language=language) %}{{ create_table_as(False, rows, compiled_code, language) }}{% endcall -%}
  {%- set empty = run_query('select count(*) as row_count from ' ~ rows)[0][0] == 0 -%}
  {%- set columns = adapter.get_columns_in_relation(rows) if empty else [] -%}
  {%- if empty -%}
    {%- call statement('fill') %}insert into {{ rows }} values ({% for column in columns %}NULL,{% endfor %}){% endcall -%}
  {%- endif -%}
  {%- do write_to_file(rows, location, copy_options) -%}
  {%- set arguments = ["'" ~ adapter.external_read_location(location, options) ~ "'"] -%}
  {%- for name, value in reader.items() -%}
    {%- do arguments.append(name ~ '=' ~ ("'" ~ value ~ "'" if value is string else value)) -%}
  {%- endfor -%}
  {%- call statement('main', language='sql') %}
    create or replace view {{ aside }} as (
      select * from read_{{ format }}({{ arguments | join(', ') }})
      {% if empty %}where 1{% for column in columns %} AND "{{ column.column }}" is not NULL{% endfor %}{% endif %}
    );
  {% endcall -%}
  {%- if old is not none -%}
    {%- do adapter.rename_relation(old, backup) -%}
  {%- endif -%}
  {%- do adapter.rename_relation(aside, target) -%}
  {%- do run_hooks(post_hooks, inside_transaction=True) -%}
  {%- do apply_grants(target, config.get('grants'), should_revoke=should_revoke(old, full_refresh_mode=True)) -%}
  {%- do persist_docs(target, model) -%}
  {#- Within the transaction: a run that is stopped here leaves nothing behind. -#}
  {%- do drop_relation_if_exists(backup) -%}
  {%- do drop_relation_if_exists(rows) -%}
  {%- do adapter.commit() -%}
  {%- set plugin = 'glue|' ~ config.get('glue_database', 'default') if config.get('glue_register', default=false) else config.get('plugin') -%}
  {%- if plugin is not none -%}
    {%- do store_relation(plugin, target, location, format, config) -%}
  {%- endif -%}
  {%- do run_hooks(post_hooks, inside_transaction=False) -%}
  {{ return({'relations': [target]}) }}
{% endmaterialization %}

{% materialization table_function, adapter='duckdb' %}{% do exceptions.raise_compiler_error('the materialization table_function is carried out by weft and cannot be called from a template') %}{% endmaterialization %}
