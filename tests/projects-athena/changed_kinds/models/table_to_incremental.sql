{{ config(materialized='table' if env_var('STEP', '1') == '1' else 'incremental', table_type='iceberg', incremental_strategy='merge', unique_key='id') }}
select id, name from {{ ref('animals') }}
