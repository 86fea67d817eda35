{{ config(materialized='table') }}
select id from nowhere
