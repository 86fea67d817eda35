{{ config(materialized='table', pre_hook={'sql': "insert into log_of_hooks values ('own pre', 'a')", 'transaction': true}, post_hook=["insert into log_of_hooks values ('own post 1', 'a')", "insert into log_of_hooks select 'own post 2', count(*)::varchar from {{ this }}"]) }}
select * from {{ ref('s') }}
