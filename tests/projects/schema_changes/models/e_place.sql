{{ config(materialized='table', schema='first') }}
select 1 as id
