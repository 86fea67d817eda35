{{ config(materialized='table') }}
select 'a' as f, count(*) as n from {{ ref('a_parquet') }} union all select 'd', count(*) from {{ ref('d_empty') }} union all select 'e', sum(part) from {{ ref('e_partitioned') }} union all select 'src', sum(v) from {{ source('files', 'one') }} union all select 'two', sum(v) from {{ source('files', 'two') }}
