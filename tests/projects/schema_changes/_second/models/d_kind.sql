{{ config(materialized='view') }}
select 2 as id, 'text' as t
