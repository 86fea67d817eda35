{{ config(materialized='table') }}
select count(*) > 0 as started from main.runs where what = 'start'
