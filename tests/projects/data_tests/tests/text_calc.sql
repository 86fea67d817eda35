{{ config(fail_calc="'3'", error_if="!= '0'", warn_if="!= '0'", severity='warn') }}
select amount from {{ ref('a') }}
