{{ config(materialized='table', format='parquet', write_compression='zstd') }}
select * from {{ ref('animals') }}
