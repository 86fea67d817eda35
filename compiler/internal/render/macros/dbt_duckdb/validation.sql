{# Checks of settings. Those of a merge collect what is wrong, so that a user sees all of it at once. #}
{% macro normalize_string_or_list(raw, field_name) -%}
  {%- set problem = field_name ~ ' must be a list of strings or a string' -%}
  {%- if raw is none -%}
    {{ return([]) }}
  {%- elif raw is mapping or not (raw is string or raw is sequence) -%}
    {{ exceptions.raise_compiler_error(problem) }}
  {%- endif -%}
  {%- set items = [raw] if raw is string else raw | list -%}
  {%- for item in items if item is not string -%}
    {%- do exceptions.raise_compiler_error(field_name ~ ' list values must be non-empty strings') -%}
  {%- endfor -%}
  {{ return(items) }}
{%- endmacro %}
{% macro normalize_incremental_predicates(incremental_predicates) %}{{ return(normalize_string_or_list(incremental_predicates, 'incremental_predicates')) }}{% endmacro %}

{% macro validate_string_field(field_value, field_name, errors) -%}
  {%- if field_value is not none and field_value is not string -%}
    {%- do errors.append(field_name ~ ' must be a string, found: ' ~ field_value) -%}
  {%- endif -%}
{%- endmacro %}
{% macro validate_dict_field(field_value, field_name, errors) -%}
  {%- if field_value is not none and field_value is not mapping -%}
    {%- do errors.append(field_name ~ ' must be a dictionary, found: ' ~ field_value) -%}
  {%- endif -%}
{%- endmacro %}
{% macro validate_string_list_field(field_value, field_name, errors) -%}
  {%- if field_value is none -%}
  {%- elif field_value is string or field_value is mapping or field_value is not sequence -%}
    {%- do errors.append(field_name ~ ' must be a list') -%}
  {%- else -%}
    {%- for item in field_value if item is not string -%}
      {%- do errors.append(field_name ~ ' must contain only string values, found: ' ~ item) -%}
    {%- endfor -%}
  {%- endif -%}
{%- endmacro %}

{% macro validate_merge_config(config, target_relation=none) -%}
  {%- set errors = [] -%}
  {%- set kinds = {
    'merge_update_condition': 'string', 'merge_insert_condition': 'string', 'merge_on_using_columns': 'sequence',
    'merge_update_columns': 'sequence', 'merge_update_set_expressions': 'mapping', 'merge_exclude_columns': 'sequence',
    'merge_returning_columns': 'sequence',
  } -%}
  {%- set checks = {'string': validate_string_field, 'sequence': validate_string_list_field, 'mapping': validate_dict_field} -%}
  {%- for name, kind in kinds.items() -%}
    {%- do checks[kind](config.get(name), name, errors) -%}
  {%- endfor -%}
  {%- do validate_merge_clauses(config, kinds, errors) -%}
  {%- if not errors -%}
    {%- do validate_ducklake_restrictions(config, target_relation, errors) -%}
  {%- endif -%}
  {%- if errors -%}
    {{ exceptions.raise_compiler_error('MERGE configuration errors:\n' ~ errors | join('\n')) }}
  {%- endif -%}
{%- endmacro %}

{# With clauses of its own a model must leave the simple settings alone. #}
{% macro validate_merge_clauses(config, base_configuration_fields, errors) -%}
  {%- set clauses = config.get('merge_clauses') -%}
  {%- if clauses is not none and clauses is not mapping -%}
    {%- do errors.append('merge_clauses must be a dictionary, found: ' ~ clauses) -%}
  {%- elif clauses is not none -%}
    {%- set present = ['when_matched', 'when_not_matched'] | select('in', clauses) | list -%}
    {%- if not present -%}
      {%- do errors.append("merge_clauses must contain at least one of 'when_matched' or 'when_not_matched' keys") -%}
    {%- endif -%}
    {%- for type in present -%}
      {%- do validate_merge_clause_list(clauses, type, errors) -%}
    {%- endfor -%}
    {%- set ignored = [] -%}
    {%- for name, kind in base_configuration_fields.items() if name not in ['merge_on_using_columns', 'merge_returning_columns'] -%}
      {%- set value = config.get(name) -%}
      {%- if value is not none and (kind not in ['sequence', 'mapping'] or value | length) -%}
        {%- do ignored.append(name) -%}
      {%- endif -%}
    {%- endfor -%}
    {%- if ignored -%}
      {%- do errors.append('When merge_clauses is specified, the following basic merge configurations will be ignored and should be removed: ' ~ ignored | join(', ') ~ '. Define your merge behavior within merge_clauses instead.') -%}
    {%- endif -%}
  {%- endif -%}
{%- endmacro %}
{% macro validate_merge_clause_list(merge_clauses, clause_type, errors) -%}
  {%- set clauses, place = merge_clauses.get(clause_type), 'merge_clauses.' ~ clause_type -%}
  {%- if clauses is string or clauses is mapping or clauses is not sequence -%}
    {%- do errors.append(place ~ ' must be a list') -%}
  {%- elif not clauses -%}
    {%- do errors.append(place ~ ' must contain at least one element') -%}
  {%- else -%}
    {%- for clause in clauses if clause is not mapping -%}
      {%- do errors.append(place ~ ' elements must be dictionaries, found: ' ~ clause) -%}
    {%- endfor -%}
  {%- endif -%}
{%- endmacro %}
{% macro validate_ducklake_restrictions(config, target_relation, errors) -%}
  {%- if not target_relation or not adapter.is_ducklake(target_relation) -%}
    {{ return(none) }}
  {%- endif -%}
  {%- if config.get('merge_returning_columns') -%}
    {%- do errors.append('DuckLake MERGE restrictions: merge_returning_columns is not supported because DuckLake does not support RETURNING.') -%}
  {%- endif -%}
  {%- set clauses = config.get('merge_clauses') or {} -%}
  {%- set changing = [] -%}
  {%- for clause in clauses.get('when_matched', []) + clauses.get('when_not_matched', []) if clause.get('action') in ['update', 'delete'] -%}
    {%- do changing.append(clause) -%}
  {%- endfor -%}
  {%- if changing | length > 1 -%}
    {%- do errors.append('DuckLake MERGE restrictions: merge_clauses can contain only a single UPDATE or DELETE action across when_matched and when_not_matched. Found ' ~ changing | length ~ ' UPDATE/DELETE actions. DuckLake currently supports only one UPDATE or DELETE operation per MERGE statement.') -%}
  {%- endif -%}
{%- endmacro %}
