{{ config(materialized='table') }}
select {{ var('depth') }} as depth, '{{ var("own") }}' as own, '{{ var("plain", "none") }}' as plain, '{{ local_name() }}' as n, '{{ calls_local() }}' as c
