{{ config(materialized='table', table_type='iceberg', partitioned_by=['day(at)']) }}
select id, cast(day as timestamp(6)) + interval '1' hour as at from {{ ref('animals') }}
