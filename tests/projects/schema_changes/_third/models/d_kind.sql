{{ config(materialized='incremental') }}
select 3 as id
