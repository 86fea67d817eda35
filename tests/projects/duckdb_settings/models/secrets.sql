{{ config(materialized='table') }}
select name, type, provider, persistent, scope, regexp_replace(secret_string, 'refresh.*', '') as secret_string from duckdb_secrets()
