{{ config(materialized='log_table', label='hello', pre_hook="insert into hook_log values ('pre')", post_hook=["insert into hook_log values ('post')", {'sql': "insert into hook_log values ('outside')", 'transaction': false}]) }}
select 1 as id, 'x' as what
