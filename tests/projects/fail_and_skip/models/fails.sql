{{ config(materialized="table") }}
select cast('x' as integer) as id
