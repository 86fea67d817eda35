{{ config(materialized='table') }}
select current_setting('threads') as threads, current_setting('TimeZone') as tz, current_setting('default_null_order') as n, (select count(*) from duckdb_secrets()) as secrets, (select string_agg(extension_name order by 1) from duckdb_extensions() where loaded and extension_name in ('json', 'parquet')) as ext, (select max(name) from duckdb_secrets()) as s
