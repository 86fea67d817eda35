{{ config(materialized='view', post_hook=[after_commit("insert into main.log (what) values ('after commit')"), in_transaction("insert into main.log (what) values ('in')")]) }}
{{ config(post_hook="{{ hook_of_macro(this) }}") }}
select id from {{ ref('b') }}
