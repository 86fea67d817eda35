-- a comment first
with a as (select * from {{ ref('base') }}), b as (select id from a)
select * from b
order by id desc
