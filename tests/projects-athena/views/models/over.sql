{{ config(materialized='view') }}
-- a comment at the end
select count(*) as n, sum("of") as total from {{ ref('names') }} -- and one here
