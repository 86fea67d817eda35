{# The catalog, from DuckDB's table functions. #}
{% macro duckdb__get_catalog(information_schema, schemas) -%}
  {%- set filter = duckdb__get_catalog_schemas_where_clause_sql(schemas) -%}
  {%- set query %}
    with tables as ( {{ duckdb__get_catalog_tables_sql(information_schema) }} {{ filter }} ),
    columns as ( {{ duckdb__get_catalog_columns_sql(information_schema) }} {{ filter }} )
    {{ duckdb__get_catalog_results_sql() }}
  {% endset -%}
  {{ return(run_query(query)) }}
{%- endmacro %}
{% macro duckdb__get_catalog_relations(information_schema, relations) -%}
  {%- set filter = duckdb__get_catalog_relations_where_clause_sql(relations) -%}
  {%- set query %}
    with tables as ( {{ duckdb__get_catalog_tables_sql(information_schema) }} {{ filter }} ),
    columns as ( {{ duckdb__get_catalog_columns_sql(information_schema) }} {{ filter }} )
    {{ duckdb__get_catalog_results_sql() }}
  {% endset -%}
  {{ return(run_query(query)) }}
{%- endmacro %}
{% macro duckdb__get_catalog_tables_sql(information_schema) -%}
  select * from (
    {% for list, name, type in [('duckdb_tables()', 'table_name', 'BASE TABLE'), ('duckdb_views()', 'view_name', 'VIEW')] -%}
      select database_name as table_database, schema_name as table_schema, {{ name }} as table_name, '{{ type }}' as table_type, comment as table_comment
      from {{ list }} where upper(database_name) = upper('{{ information_schema.database }}') {{ 'union all ' if not loop.last }}
    {%- endfor %}
  ) relations
{%- endmacro %}
{% macro duckdb__get_catalog_columns_sql(information_schema) -%}
  select * from (
    select database_name as table_database, schema_name as table_schema, table_name, column_name, column_index, data_type as column_type, comment as column_comment
    from duckdb_columns() where upper(database_name) = upper('{{ information_schema.database }}')
  ) every_column
{%- endmacro %}
{% macro duckdb__get_catalog_results_sql() -%}
  select
    tables.table_database, tables.table_schema, tables.table_name, tables.table_type, tables.table_comment,
    columns.column_name, columns.column_index, columns.column_type, columns.column_comment, null as table_owner
  from tables join columns using (table_database, table_schema, table_name)
  order by 2, 3, columns.column_index
{%- endmacro %}
{% macro duckdb__get_catalog_schemas_where_clause_sql(schemas) -%}
  where {% if schemas %}( {% for schema in schemas %}upper(table_schema) = upper('{{ schema }}'){{ ' or ' if not loop.last }}{% endfor %} ){% else %}1 = 0{% endif %}
{%- endmacro %}
{% macro duckdb__get_catalog_relations_where_clause_sql(relations) -%}
  {%- for relation in relations if not relation.schema -%}
    {%- do exceptions.raise_compiler_error('`get_catalog_relations` requires a list of relations, each with a schema') -%}
  {%- endfor -%}
  where {% if relations %}(
    {%- for relation in relations %} ( upper(table_schema) = upper('{{ relation.schema }}') {% if relation.identifier %}and upper(table_name) = upper('{{ relation.identifier }}'){% endif %} ){{ ' or ' if not loop.last }}{% endfor -%}
  ){% else %}1 = 0{% endif %}
{%- endmacro %}
