{{ config(materialized='table') }}
select database_name, type, readonly from duckdb_databases() where not internal
