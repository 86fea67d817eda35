{{ config(materialized='view', schema='sub') }}
select id from {{ ref('a_table') }}
