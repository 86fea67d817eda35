{{ config(materialized='table', post_hook={'sql': "insert into no_such_table values (1)", 'transaction': false}) }}
select 1 as id
