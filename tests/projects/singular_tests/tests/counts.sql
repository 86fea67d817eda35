{{ config(fail_calc='sum(id)', error_if='> 2') }}
select id from {{ ref('b') }}
