{{ config(materialized='table', pre_hook="{% if is_incremental() %}select 1{% endif %}", post_hook="insert into main.log (what) select 'd has ' || count(*) from {{ this }}; insert into main.log (what) values ('second statement')") }}
select id from {{ ref('c') }}
