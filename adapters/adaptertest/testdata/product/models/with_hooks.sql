{{ config(materialized='table', post_hook=["insert into {{ this }} select 0, count(*) from {{ ref('as_table') }}"]) }}
select id, cast(amount as bigint) as amount from {{ ref('incoming') }}
