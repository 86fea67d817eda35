{# MERGE in DuckDB, whose clauses a model can write one by one (merge_clauses) or leave to a few settings. #}
{% macro duckdb__get_incremental_merge_sql(args_dict) -%}
  {%- set a = args_dict -%}
  {%- set predicates = normalize_incremental_predicates(a.get('incremental_predicates')) -%}
  {{ return(duckdb__get_merge_sql(a['target_relation'], a['temp_relation'], a['unique_key'], a['dest_columns'], predicates)) }}
{%- endmacro %}

{% macro duckdb__get_merge_sql(target, source, unique_key, dest_columns, incremental_predicates=none) -%}
  {%- set predicates = normalize_incremental_predicates(incremental_predicates) -%}
  {{ validate_merge_config(config, target) }}
  {%- set included, excluded = config.get('merge_update_columns', []), config.get('merge_exclude_columns', []) -%}
  {%- set expressions = config.get('merge_update_set_expressions', {}) -%}
  {%- set defaults = merge_clause_defaults(config.get('merge_update_condition', none), config.get('merge_insert_condition', none), included, excluded, expressions) -%}
  {%- set explicit = included | length or excluded | length or expressions | length -%}
  {%- set clauses, returned = config.get('merge_clauses', {}), config.get('merge_returning_columns', []) %}
{{ config.get('sql_header') or '' }}
MERGE INTO {{ target }} AS DBT_INTERNAL_DEST
USING {{ source }} AS DBT_INTERNAL_SOURCE
{{ duckdb__merge_join_clause(unique_key, config.get('merge_on_using_columns', []), predicates) }}
{%- set matched = clauses.get('when_matched', [defaults.when_matched_update_explicit if explicit else defaults.when_matched_update_by_name]) -%}
{%- set unmatched = clauses.get('when_not_matched', [defaults.when_not_matched_insert_by_name]) -%}
{%- for met, list in [(true, matched), (false, unmatched)] -%}
{%- for clause in list -%}
  {%- set action, mode, condition = clause.get('action'), clause.get('mode'), clause.get('condition') %}
WHEN {% if met %}MATCHED{% else %}NOT MATCHED {% if clause.get('by') %}BY {{ clause.get('by') | upper }}{% endif %}{% endif %}
{% if condition %} AND {{ condition if condition is string else '(' ~ condition | join(') AND (') ~ ')' }}{% endif %} THEN
  {% if action == 'update' and not met -%}
    UPDATE SET {% for column, value in clause.get('set_expressions', {}).items() %}{{ column }} = {{ value }}{{ ', ' if not loop.last }}{% endfor %}
  {%- elif action == 'update' and mode == 'explicit' -%}
    {%- set chosen, assignments = clause.get('update', {}), [] -%}
    {%- for column, value in chosen.get('set_expressions', {}).items() -%}
      {%- do assignments.append(column ~ ' = ' ~ value) -%}
    {%- endfor -%}
    {%- for column in get_merge_update_columns(chosen.get('include', []), chosen.get('exclude', []), dest_columns) if column.replace('"', '').replace("'", '') not in chosen.get('set_expressions', {}) -%}
      {%- do assignments.append(column ~ ' = DBT_INTERNAL_SOURCE.' ~ column) -%}
    {%- endfor -%}
    UPDATE SET {{ assignments | join(', ') }}
  {%- elif action == 'update' -%}
    {{ {'by_name': 'UPDATE BY NAME', 'by_position': 'UPDATE BY POSITION', 'star': 'UPDATE SET *'}.get(mode, '') }}
  {%- elif action == 'insert' and mode == 'explicit' and not met -%}
    INSERT ({{ clause.get('insert', {}).get('columns', []) | join(', ') }}) VALUES ({{ clause.get('insert', {}).get('values', []) | join(', ') }})
  {%- elif action == 'insert' and not met -%}
    {{ {'by_name': 'INSERT BY NAME', 'by_position': 'INSERT BY POSITION', 'star': 'INSERT *'}.get(mode, '') }}
  {%- elif action == 'error' -%}
    ERROR {% if clause.get('error_message') %}'{{ clause.get('error_message') | replace("'", "''") }}'{% endif %}
  {%- else -%}
    {{ {'delete': 'DELETE', 'do_nothing': 'DO NOTHING'}.get(action, '') }}
  {%- endif %}
{% endfor -%}
{%- endfor %}
{%- if returned %}RETURNING {{ returned if returned is string else returned | join(', ') }}{% endif %}
{% endmacro %}

{# How rows find each other: by columns of one name, or by conditions; without a key, never. #}
{% macro duckdb__merge_join_clause(unique_key, merge_on_using_columns, incremental_predicates) -%}
  {%- set conditions, predicates = [], incremental_predicates or [] -%}
  {%- if merge_on_using_columns -%}
    USING ({{ merge_on_using_columns | join(', ') }})
    {%- if predicates %} ON ({{ predicates | join(') AND (') }}){% endif -%}
  {%- else -%}
    {%- set single = unique_key is string or unique_key is mapping or unique_key is not sequence -%}
    {%- for key in ([unique_key] if single else unique_key) if unique_key -%}
      {%- do conditions.append('DBT_INTERNAL_SOURCE.' ~ key ~ ' = DBT_INTERNAL_DEST.' ~ key) -%}
    {%- else -%}
      {%- do conditions.append('FALSE') -%}
    {%- endfor -%}
    ON ({{ (conditions + predicates) | join(') AND (') }})
  {%- endif -%}
{%- endmacro %}

{% macro merge_clause_defaults(merge_update_condition, merge_insert_condition, merge_update_columns=[], merge_exclude_columns=[], merge_update_set_expressions={}) -%}
  {%- set update = {'action': 'update', 'condition': merge_update_condition} -%}
  {%- set chosen = {'include': merge_update_columns, 'exclude': merge_exclude_columns, 'set_expressions': merge_update_set_expressions} -%}
  {{ return({
    'when_matched_update_by_name': dict(update, mode='by_name'),
    'when_not_matched_insert_by_name': {'action': 'insert', 'condition': merge_insert_condition, 'mode': 'by_name'},
    'when_matched_update_explicit': dict(update, mode='explicit', update=chosen),
  }) }}
{%- endmacro %}
