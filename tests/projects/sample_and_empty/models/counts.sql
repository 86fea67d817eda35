{{ config(materialized='table') }}
select (select count(*) from {{ ref('events') }}) as n, (select count(*) from {{ source('raw', 'plain') }}) as p
