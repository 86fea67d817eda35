{{ config(materialized='table', table_type='hive' if env_var('STEP', '1') == '1' else 'iceberg') }}
select id, name from {{ ref('animals') }}
