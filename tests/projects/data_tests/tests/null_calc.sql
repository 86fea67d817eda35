{{ config(fail_calc='max(id)', severity='warn') }}
select id from {{ ref('empty') }}
