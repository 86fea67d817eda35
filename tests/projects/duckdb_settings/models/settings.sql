{{ config(materialized='table') }}
select name, value from duckdb_settings() where name in ('TimeZone', 'preserve_insertion_order', 'default_order', 'default_null_order', 'threads')
