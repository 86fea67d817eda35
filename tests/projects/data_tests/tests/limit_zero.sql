{{ config(limit=0) }}
select amount from {{ ref('a') }}
