{{ config(fail_calc='sum(amount) / 7.0', severity='warn') }}
select amount from {{ ref('a') }}
