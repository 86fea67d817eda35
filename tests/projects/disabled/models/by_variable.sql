{{ config(enabled=var('extras', false)) }}
select 1 as id
