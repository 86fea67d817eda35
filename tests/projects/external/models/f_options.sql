{{ config(materialized='external', location="{{ env_var('EXTERNAL_ROOT', 'out') }}/f.parquet", options={'compression': 'zstd', 'row_group_size': 10}) }}
select * from {{ ref('a_parquet') }}
