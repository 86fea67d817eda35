{# DuckDB does not let go of a table that a foreign key points at: before such a table is replaced, the tables that point at it
   are put aside, provided that this run builds them again. #}
{% macro enforced_constraint_types() -%}
  {%- set types = [] -%}
  {%- set contract = config.get('contract') -%}
  {%- if contract and contract.enforced -%}
    {%- for holder in [model] + model.get('columns', {}).values() | list -%}
      {%- do types.extend(holder.get('constraints', []) | map(attribute='type')) -%}
    {%- endfor -%}
  {%- endif -%}
  {{ return(types) }}
{%- endmacro %}
{% macro existing_constraint_types(relation) -%}
  {{ return(adapter.existing_key_constraint_types(relation) if relation is not none and relation.is_table else []) }}
{%- endmacro %}
{% macro has_foreign_key_constraints(relation=none) -%}
  {{ return(adapter.catalog_supports_foreign_keys(this.database) and ('foreign_key' in enforced_constraint_types() or 'foreign_key' in existing_constraint_types(relation))) }}
{%- endmacro %}
{% macro may_be_foreign_key_target(relation=none) -%}
  {%- if not adapter.catalog_supports_foreign_keys(this.database) -%}
    {{ return(false) }}
  {%- endif -%}
  {%- set types = enforced_constraint_types() + existing_constraint_types(relation) -%}
  {{ return('primary_key' in types or 'unique' in types) }}
{%- endmacro %}

{% macro drop_relation_for_rebuild(relation) -%}
  {%- do adapter.ensure_transaction() -%}
  {%- set aside = drop_foreign_key_dependents(relation) if relation.is_table and may_be_foreign_key_target(relation) else [] -%}
  {%- do adapter.drop_relation(relation) -%}
  {{ return(aside) }}
{%- endmacro %}
{% macro restore_foreign_key_dependents(dropped) -%}
  {%- for item in dropped | reverse -%}
    {%- do log('Restoring data for ' ~ item['relation'] ~ '; its constraints are rebuilt later in this run', info=True) -%}
    {%- do adapter.rename_relation(item['backup'], item['relation']) -%}
  {%- endfor -%}
{%- endmacro %}

{# The tables that point at a table, directly or through others, the farthest first, each with the tables it points at. #}
{% macro drop_foreign_key_dependents(relation) -%}
  {%- set database, schema, identifier = adapter.escape_sql_string(relation.database), adapter.escape_sql_string(relation.schema), adapter.escape_sql_string(relation.identifier) -%}
  {%- call statement('get_foreign_key_dependents', fetch_result=True) %}
    with recursive keys as (
      select lower(table_name) as pointing_key, table_name as pointing, lower(referenced_table) as target
      from duckdb_constraints()
      where constraint_type = 'FOREIGN KEY' and lower(table_name) <> lower(referenced_table)
        and lower(database_name) = lower('{{ database }}') and lower(schema_name) = lower('{{ schema }}')
    ),
    reached(pointing_key, pointing, distance) as (
      select pointing_key, pointing, 1 from keys where target = lower('{{ identifier }}')
      union
      select keys.pointing_key, keys.pointing, reached.distance + 1 from keys join reached on keys.target = reached.pointing_key
    ),
    farthest as (select pointing_key, pointing, max(distance) as distance from reached group by all)
    select farthest.pointing, farthest.distance, keys.target
    from farthest join keys using (pointing_key)
    order by farthest.distance desc, farthest.pointing, keys.target
  {% endcall -%}
  {%- set targets_of = {} -%}
  {%- for row in load_result('get_foreign_key_dependents').table -%}
    {%- do targets_of.setdefault(row[0], []).append(row[2] | lower) -%}
  {%- endfor -%}
  {%- if not targets_of -%}
    {{ return([]) }}
  {%- endif -%}

  {%- set node_of, id_of = {}, {relation.identifier | lower: model.unique_id} -%}
  {%- for node in graph.nodes.values() if node.resource_type == 'model'
      and (node.database or '') | lower == (relation.database or '') | lower and node.schema | lower == relation.schema | lower -%}
    {%- for table in targets_of if table | lower == (node.alias or node.name) | lower -%}
      {%- do node_of.update({table: node}) -%}
      {%- do id_of.update({table | lower: node.unique_id}) -%}
    {%- endfor -%}
  {%- endfor -%}

  {%- set problems = [] -%}
  {%- for table, targets in targets_of.items() -%}
    {%- set node = node_of.get(table) -%}
    {%- set parents = [] -%}
    {%- for target in targets if target in id_of -%}
      {%- do parents.append(id_of[target]) -%}
    {%- endfor -%}
    {%- if node is none -%}
      {%- do problems.append(table ~ ' (not built by a dbt model in this project)') -%}
    {%- elif node.unique_id not in selected_resources -%}
      {%- do problems.append(table ~ ' (model ' ~ node.name ~ ' is not selected in this run)') -%}
    {%- elif not parents | select('in', node.depends_on.nodes) | list -%}
      {%- do problems.append(table ~ ' (model ' ~ node.name ~ ' does not ref() what its foreign key points at; write `to: ref(...)` in the constraint)') -%}
    {%- else -%}
      {%- set anew = flags.FULL_REFRESH if node.config.full_refresh is none else node.config.full_refresh -%}
      {%- if node.config.materialized != 'table' and not (node.config.materialized == 'incremental' and anew) -%}
        {%- do problems.append(table ~ ' (model ' ~ node.name ~ ' is materialized as ' ~ node.config.materialized ~ ' and would lose its data; run with --full-refresh)') -%}
      {%- endif -%}
    {%- endif -%}
  {%- endfor -%}
  {%- if problems -%}
    {%- do exceptions.raise_compiler_error('Cannot replace ' ~ relation ~ ': foreign keys of other tables point at it, and only tables that this run builds again can be put aside. In the way: ' ~ problems | join('; ')) -%}
  {%- endif -%}

  {%- set aside = [] -%}
  {%- for table in targets_of -%}
    {%- set dependent = api.Relation.create(database=relation.database, schema=relation.schema, identifier=table, type='table') -%}
    {%- set backup = dependent.incorporate(path={'identifier': table ~ '__dbt_fk_backup'}, type='table') -%}
    {%- set number = loop.index -%}
    {%- do adapter.drop_relation(backup) -%}
    {%- call statement('backup_foreign_key_dependent_' ~ number) %}create table {{ backup }} as select * from {{ dependent }}{% endcall -%}
    {%- do log('Dropping ' ~ dependent ~ ' because it references ' ~ relation ~ ' through a foreign key; it is rebuilt later in this run', info=True) -%}
    {%- do adapter.drop_relation(dependent) -%}
    {%- do aside.append({'relation': dependent, 'backup': backup}) -%}
  {%- endfor -%}
  {{ return(aside) }}
{%- endmacro %}
