{{ config(enabled=true) }}
select * from {{ ref('a') }}
