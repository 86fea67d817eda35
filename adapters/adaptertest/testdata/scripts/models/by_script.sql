{{ config(materialized='own', pre_hook=[before_begin("begin; commit;"), "select 1 as one"], post_hook=["select 2 as two", after_commit("begin; rollback")]) }}
select 1 as id
