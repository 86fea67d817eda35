{{ config(materialized='external') }}
select 1 as id, 'x' as name where false
