{{ config(materialized='table', post_hook=["insert into main.log (what) values ('first')", "insert into no_such_table values (1)"]) }}
select 1 as id
