{{ config(tags='yes_please') }}
select * from {{ ref('base') }}
