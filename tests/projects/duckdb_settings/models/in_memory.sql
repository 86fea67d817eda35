{{ config(materialized='table', database='mem') }}
select 1 as id
