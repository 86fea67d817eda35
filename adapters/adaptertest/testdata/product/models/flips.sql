{# A view at odd steps, a table at even ones. #}
{{ config(materialized='view' if var('step') | int % 2 else 'table') }}
select id, amount from {{ ref('incoming') }}
