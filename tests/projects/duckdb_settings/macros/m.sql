{% macro show_databases() %}{% do run_query("create or replace table main.by_operation as select database_name from duckdb_databases() where not internal") %}{% endmacro %}
