{{ config(materialized='fails', pre_hook="insert into hook_log values ('undone')") }}
select 1 as id
