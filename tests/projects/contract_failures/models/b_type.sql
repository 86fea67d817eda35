{{ config(materialized='view') }}
select 'x' as id
