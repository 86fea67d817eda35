{{ config(materialized='table', pre_hook="insert into main.log (what) values ('text')", post_hook=["insert into main.log (what) values ('one')", "insert into main.log (what) values ('two')"]) }}
select 1 as id
