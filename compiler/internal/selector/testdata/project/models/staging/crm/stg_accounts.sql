{{ config(tags='accounts', materialized='ephemeral') }} select 1 as id, * from {{ source('crm', 'accounts') }}
