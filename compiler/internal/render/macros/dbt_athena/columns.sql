{# Changing the columns of tables. Hive's tables can only get a whole new list; Iceberg's know single changes. #}
{% macro alter_relation_add_columns(relation, add_columns = none, table_type = 'hive') -%}
  {%- if add_columns -%}
    {%- set sql -%}
      alter {{ relation.type }} {{ relation.render_hive() }} add columns (
      {%- for column in add_columns %}{{ column.quoted_hive }} {{ ddl_data_type(column.data_type, table_type) }}{{ ', ' if not loop.last }}{% endfor -%}
      )
    {%- endset -%}
    {{ return(run_query(sql)) }}
  {%- endif -%}
{%- endmacro %}
{% macro alter_relation_replace_columns(relation, replace_columns = none, table_type = 'hive') -%}
  {%- if replace_columns -%}
    {%- set sql -%}
      alter {{ relation.type }} {{ relation.render_hive() }} replace columns (
      {%- for column in replace_columns %}{{ column.quoted_hive }} {{ ddl_data_type(column.data_type, table_type) }}{{ ', ' if not loop.last }}{% endfor -%}
      )
    {%- endset -%}
    {{ return(run_query(sql)) }}
  {%- endif -%}
{%- endmacro %}
{% macro alter_relation_drop_columns(relation, remove_columns = none) -%}
  {%- for column in remove_columns or [] -%}
    {%- do run_query('alter ' ~ relation.type ~ ' ' ~ relation.render_hive() ~ ' drop column ' ~ column.quoted_hive) -%}
  {%- endfor -%}
{%- endmacro %}
{% macro alter_relation_rename_column(relation, source_column, target_column, target_column_type, table_type = 'hive') -%}
  {{ return(run_query('alter ' ~ relation.type ~ ' ' ~ relation.render_pure() ~ ' change column ' ~ source_column ~ ' ' ~ target_column ~ ' ' ~ ddl_data_type(target_column_type, table_type))) }}
{%- endmacro %}

{# A new column takes the values and then the name of the old one. #}
{% macro athena__alter_column_type(relation, column_name, new_column_type) -%}
  {%- set type, new = resolve_table_type(), column_name ~ '__dbt_alter' -%}
  {%- set table = relation.render_pure() -%}
  {%- do run_query('alter ' ~ relation.type ~ ' ' ~ table ~ ' add columns(' ~ new ~ ' ' ~ ddl_data_type(new_column_type, type) ~ ');') -%}
  {%- do run_query('update ' ~ table ~ ' set ' ~ new ~ ' = cast(' ~ column_name ~ ' as ' ~ new_column_type ~ ');') -%}
  {%- do run_query('alter ' ~ relation.type ~ ' ' ~ table ~ ' drop column ' ~ column_name ~ ';') -%}
  {%- do alter_relation_rename_column(relation, new, column_name, new_column_type, type) -%}
{%- endmacro %}

{# A column that an interrupted change of type left under its passing name is given its name first. #}
{% macro sync_column_schemas(on_schema_change, target_relation, schema_changes_dict) -%}
  {%- set type, partitions = resolve_table_type(), config.get('partitioned_by', default=none) or [] -%}
  {%- set added = schema_changes_dict['source_not_in_target'] -%}
  {%- if on_schema_change == 'append_new_columns' and added -%}
    {%- do alter_relation_add_columns(target_relation, added, type) -%}
  {%- elif on_schema_change == 'sync_all_columns' -%}
    {%- set removed, retyped = schema_changes_dict['target_not_in_source'], schema_changes_dict['new_target_types'] -%}
    {%- if type == 'iceberg' -%}
      {%- for old in removed if old.column.endswith('__dbt_alter') -%}
        {%- set name = old.column | replace('__dbt_alter', '') -%}
        {%- for new in added if new.column == name -%}
          {%- do alter_relation_rename_column(target_relation, old.name, new.name, new.data_type, type) -%}
          {%- do removed.remove(old) -%}
          {%- do added.remove(new) -%}
        {%- endfor -%}
      {%- endfor -%}
      {%- if added -%}
        {%- do alter_relation_add_columns(target_relation, added, type) -%}
      {%- endif -%}
      {%- if removed -%}
        {%- do alter_relation_drop_columns(target_relation, removed) -%}
      {%- endif -%}
      {%- for change in retyped -%}
        {%- do alter_column_type(target_relation, change['column_name'], change['new_type']) -%}
      {%- endfor -%}
    {%- else -%}
      {%- set columns = remove_partitions_from_columns(schema_changes_dict['source_columns'], partitions) -%}
      {%- if added or removed or retyped -%}
        {%- do alter_relation_replace_columns(target_relation, columns, type) -%}
      {%- endif -%}
    {%- endif -%}
  {%- endif -%}
  {%- do log('\nIn ' ~ target_relation ~ ':\n    Schema change approach: ' ~ on_schema_change ~ '\n    Columns added: ' ~ added
      ~ '\n    Columns removed: ' ~ removed ~ '\n    Data types changed: ' ~ retyped ~ '\n') -%}
{%- endmacro %}
