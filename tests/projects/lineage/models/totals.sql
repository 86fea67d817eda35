{{ config(materialized='table', owner='ann') }}
select count(*) as people, max(name) as last from {{ ref('passing') }}
