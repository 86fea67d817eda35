{{ config(materialized='table') }}
select id, name, amount, cast('2024-02-0{{ var("step") }} 00:00:00' as {{ var('moment') }}) as changed from {{ ref('incoming') }}
