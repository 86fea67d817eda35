{{ config(materialized='view', alias='two words', schema='odd schema') }}
select * from {{ ref('order') }}
