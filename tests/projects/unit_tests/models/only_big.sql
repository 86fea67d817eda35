{{ config(materialized='ephemeral') }}
select * from {{ ref('stage') }} where amount > {{ var('limit') }}
