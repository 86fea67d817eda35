{{ config(materialized='table') }}
select id, error('on purpose') as e from {{ ref('a') }}
