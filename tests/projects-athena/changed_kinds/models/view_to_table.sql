{{ config(materialized='view' if env_var('STEP', '1') == '1' else 'table') }}
select id, name from {{ ref('animals') }}
