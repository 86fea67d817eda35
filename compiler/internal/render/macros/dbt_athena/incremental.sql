{# Incremental strategies in Athena. #}
{% macro validate_get_incremental_strategy(raw_strategy, table_type) -%}
  {%- set iceberg = table_type == 'iceberg' -%}
  {%- if raw_strategy not in (['append', 'microbatch', 'merge'] if iceberg else ['append', 'insert_overwrite', 'microbatch']) -%}
    {%- do exceptions.raise_compiler_error('Invalid incremental strategy provided: ' ~ raw_strategy ~ '\n' ~ (
        "Incremental models on Iceberg tables only work with 'append', 'microbatch' or 'merge' (v3 only) strategy." if iceberg
        else "Expected one of: 'append', 'insert_overwrite', 'microbatch'")) -%}
  {%- elif raw_strategy == 'microbatch' -%}
    {{ return('merge' if iceberg else 'insert_overwrite') }}
  {%- endif -%}
  {{ return(raw_strategy) }}
{%- endmacro %}

{# The answer is a query that shows what the engine said: by then the rows are in. #}
{% macro incremental_insert(on_schema_change, tmp_relation, target_relation, existing_relation, force_batch, statement_name="main") -%}
  {%- set changed = process_schema_changes(on_schema_change, tmp_relation, existing_relation) -%}
  {%- set columns = (changed or adapter.get_columns_in_relation(target_relation)) | map(attribute='quoted') | join(', ') -%}
  {%- if force_batch -%}
    {%- do batch_incremental_insert(tmp_relation, target_relation, columns) -%}
  {%- else -%}
    {%- set outcome = adapter.run_query_with_partitions_limit_catching('insert into ' ~ target_relation ~ ' (' ~ columns ~ ')\n(\nselect ' ~ columns ~ '\nfrom ' ~ tmp_relation ~ '\n);') -%}
    {%- do log('QUERY RESULT: ' ~ outcome) -%}
    {%- if outcome == 'TOO_MANY_OPEN_PARTITIONS' -%}
      {%- do batch_incremental_insert(tmp_relation, target_relation, columns) -%}
    {%- endif -%}
  {%- endif -%}
  SELECT '{{ outcome }}'
{%- endmacro %}
{% macro batch_incremental_insert(tmp_relation, target_relation, dest_cols_csv) -%}
  {%- set batches = get_partition_batches(tmp_relation) -%}
  {%- do log('BATCHES TO PROCESS: ' ~ batches | length) -%}
  {%- for batch in batches -%}
    {%- do log('BATCH PROCESSING: ' ~ loop.index ~ ' OF ' ~ batches | length) -%}
    {%- do run_query('insert into ' ~ target_relation ~ ' (' ~ dest_cols_csv ~ ')\n(\nselect ' ~ dest_cols_csv ~ '\nfrom ' ~ tmp_relation ~ '\nwhere ' ~ batch ~ '\n);') -%}
  {%- endfor -%}
{%- endmacro %}

{# Columns, not names. #}
{% macro get_merge_update_columns(merge_update_columns, merge_exclude_columns, dest_columns) -%}
  {%- if merge_update_columns and merge_exclude_columns -%}
    {{ exceptions.raise_compiler_error('Model cannot specify merge_update_columns and merge_exclude_columns. Please update model to use only one config') }}
  {%- elif not merge_update_columns and not merge_exclude_columns -%}
    {{ return(dest_columns) }}
  {%- endif -%}
  {%- set named, updated = (merge_update_columns or merge_exclude_columns) | map('lower') | list, [] -%}
  {%- for column in dest_columns if (column.column | lower in named) == (merge_update_columns | length > 0 if merge_update_columns else false) -%}
    {%- do updated.append(column) -%}
  {%- endfor -%}
  {{ return(updated) }}
{%- endmacro %}
{# A rule says how the new and the old value are combined. #}
{% macro get_update_statement(col, rule, is_last) -%}
  {%- set new, old = 'src.' ~ col.quoted, 'target.' ~ col.quoted -%}
  {%- set known = {
    'coalesce': 'coalesce(' ~ new ~ ', ' ~ old ~ ')',
    'sum': new ~ ' + ' ~ old,
    'append': new ~ ' || ' ~ old,
    'append_distinct': 'array_distinct(' ~ new ~ ' || ' ~ old ~ ')',
    'replace': new,
  } -%}
  {%- if rule == 'sum' and col.data_type.startswith('map') -%}
    {%- set value = 'map_zip_with(coalesce(' ~ new ~ ', map()), coalesce(' ~ old ~ ', map()), (k, v1, v2) -> coalesce(v1, 0) + coalesce(v2, 0))' -%}
  {%- elif rule in known -%}
    {%- set value = known[rule] -%}
  {%- else -%}
    {%- set value = rule | replace('_new_', new) | replace('_old_', old) -%}
  {%- endif -%}
  {{ col.quoted }} = {{ value }}{{ ',' if not is_last }}
{%- endmacro %}

{% macro iceberg_merge(on_schema_change, tmp_relation, target_relation, unique_key, incremental_predicates, existing_relation, delete_condition, update_condition, insert_condition, force_batch, statement_name="main") -%}
  {%- set rules, default_rule = config.get('merge_update_columns_rules') or {}, config.get('merge_update_columns_default_rule', 'replace') -%}
  {%- set columns = process_schema_changes(on_schema_change, tmp_relation, existing_relation) or adapter.get_columns_in_relation(target_relation) -%}
  {%- set names = columns | map(attribute='quoted') | join(', ') -%}
  {%- set keys = unique_key if unique_key is sequence and unique_key is not string else [unique_key] -%}
  {%- set others = columns | rejectattr('name', 'in', keys) | list -%}
  {%- set updated = get_merge_update_columns(config.get('merge_update_columns'), config.get('merge_exclude_columns'), others) -%}
  {%- set clauses -%}
    on (
      {% for key in keys %}target.{{ key }} = src.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}
      {% if incremental_predicates is not none %}and ( {% for predicate in incremental_predicates %}{{ predicate }} {{ 'and ' if not loop.last }}{% endfor %}){% endif %}
    )
    {% if delete_condition is not none %}when matched and ({{ delete_condition }}) then delete{% endif %}
    {% if updated -%}
      when matched {% if update_condition is not none %} and {{ update_condition }}{% endif %} then update set
      {% for column in updated %}{{ get_update_statement(column, rules.get(column.name, default_rule), loop.last) }} {% endfor %}
    {%- endif %}
    when not matched {% if insert_condition is not none %} and {{ insert_condition }}{% endif %} then insert ({{ names }})
    values ({% for column in columns %}src.{{ column.quoted }}{{ ', ' if not loop.last }}{% endfor %})
  {%- endset -%}
  {%- if force_batch -%}
    {%- do batch_iceberg_merge(tmp_relation, target_relation, clauses, names) -%}
  {%- else -%}
    {%- set outcome = adapter.run_query_with_partitions_limit_catching('merge into ' ~ target_relation ~ ' as target using ' ~ tmp_relation ~ ' as src\n' ~ clauses) -%}
    {%- do log('QUERY RESULT: ' ~ outcome) -%}
    {%- if outcome == 'TOO_MANY_OPEN_PARTITIONS' -%}
      {%- do batch_iceberg_merge(tmp_relation, target_relation, clauses, names) -%}
    {%- endif -%}
  {%- endif -%}
  SELECT '{{ outcome }}'
{%- endmacro %}
{% macro batch_iceberg_merge(tmp_relation, target_relation, merge_part, dest_cols_csv) -%}
  {%- set batches = get_partition_batches(tmp_relation) -%}
  {%- do log('BATCHES TO PROCESS: ' ~ batches | length) -%}
  {%- for batch in batches -%}
    {%- do log('BATCH PROCESSING: ' ~ loop.index ~ ' OF ' ~ batches | length) -%}
    {%- do run_query('merge into ' ~ target_relation ~ ' as target using (select ' ~ dest_cols_csv ~ ' from ' ~ tmp_relation ~ ' where ' ~ batch ~ ') as src\n' ~ merge_part) -%}
  {%- endfor -%}
{%- endmacro %}
