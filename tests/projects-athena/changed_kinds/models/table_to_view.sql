{{ config(materialized='table' if env_var('STEP', '1') == '1' else 'view') }}
select id, name from {{ ref('animals') }}
