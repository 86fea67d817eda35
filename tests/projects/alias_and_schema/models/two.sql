{{ config(alias='shared', schema='other') }}
select * from {{ ref('one') }}
