{{ config(alias='other_name', schema='elsewhere') }}
select id, amount as value from {{ ref('stage') }}
