{{ config(materialized='external', format='csv', delimiter='|', location=env_var('EXTERNAL_ROOT', 'out') ~ '/b_file.csv') }}
select 1 as id, 'x' as name
