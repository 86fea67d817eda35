{{ config(severity='WARN') }}
select amount from {{ ref('a') }}
