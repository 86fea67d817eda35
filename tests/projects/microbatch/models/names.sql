{{ config(materialized='table') }}
select i::int as id, 'name ' || i as name from range(1, 21) r(i)
