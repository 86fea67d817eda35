{{ config(materialized='table', database='side') }}
select 1 as id
