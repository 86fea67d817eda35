{{ config(materialized='no_return') }}
select 1 as id
