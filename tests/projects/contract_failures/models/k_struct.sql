{{ config(materialized='table') }}
select {'a': 1, 'b': 'x'} as s, [1, 2] as l, cast(1.5 as decimal(10, 2)) as d
