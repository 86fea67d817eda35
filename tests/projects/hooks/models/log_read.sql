{{ config(materialized='table', pre_hook=[], post_hook=[]) }}
-- depends_on: {{ ref("asks_view") }}
select what, who, count(*) as n from main.log_of_hooks group by all
