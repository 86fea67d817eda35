{{ config(materialized='table', indexes=[{'columns': ['id']}], schema='other') }}
select 1 as id
