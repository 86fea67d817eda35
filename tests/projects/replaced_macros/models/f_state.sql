{{ config(materialized='table') }}
select name from main.schemas_made
