{{ config(severity='error', error_if='>1000', warn_if='>2') }}
select amount from {{ ref('a') }}
