{{ config(severity='warn', error_if='>1', warn_if='>1000') }}
select amount from {{ ref('a') }}
