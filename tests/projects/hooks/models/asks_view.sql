{{ config(materialized='view', post_hook="{{ note(this) }}", pre_hook=[]) }}
-- depends_on: {{ ref('asks_incremental') }}
select 1 as one
