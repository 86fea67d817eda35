{{ config(materialized='table') }}
-- depends_on: {{ ref('a_log') }} {{ ref('c_no_return') }}
select table_name as t, null as what from duckdb_tables() where table_name in ('b_uncommitted', 'c_no_return', 'd_no_main', 'e_fails') union all select 'hook_log', what from main.hook_log
