{{ config(alias='shared') }}
select code from {{ ref('codes') }}
