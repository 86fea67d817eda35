{{ config(materialized='table') }}
select cast('x' as varchar) as id
