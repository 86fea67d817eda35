{{ config(materialized='table', persist_docs={}) }}
-- {{ ref('a_table') }} {{ ref('b_view') }} {{ ref('c_inc') }} {{ ref('d_contract') }} {{ ref('s') }}
select table_name as t, '' as c, comment from duckdb_tables() where not internal and table_name <> 'z_state' and not table_name like '%tmp%'
union all select view_name, '', comment from duckdb_views() where not internal
union all select table_name, column_name, comment from duckdb_columns() where not internal and table_name <> 'z_state' and not table_name like '%tmp%'
union all select table_name, 'index', is_unique::varchar from duckdb_indexes()
