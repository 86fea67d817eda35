{{ config(materialized='table', pre_hook=before_begin("begin; commit -- at once"), post_hook=[after_commit("begin;\nselect 1 as one;\ncommit;"),
          after_commit("{% if execute and run_query('select 1 as one') | length == 1 %}begin; rollback{% endif %}")]) }}
select id from {{ ref('by_script') }}
