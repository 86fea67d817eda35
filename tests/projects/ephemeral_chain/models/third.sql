{{ config(materialized='ephemeral') }}
with own as (select * from {{ ref('second') }}) select own.id, own.tens, first.id as other from own join {{ ref('first') }} as first on first.id = own.id
