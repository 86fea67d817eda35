{{ config(materialized='table') }}
select cast(1 as integer) as id, 'a' as name, cast(2.5 as decimal(10, 2)) as amount
