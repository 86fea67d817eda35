{{ config(unique_key='id') }}
select * from {{ ref('feed') }}
