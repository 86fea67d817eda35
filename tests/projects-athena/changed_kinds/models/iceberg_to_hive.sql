{{ config(materialized='table', table_type='iceberg' if env_var('STEP', '1') == '1' else 'hive') }}
select id, name from {{ ref('animals') }}
