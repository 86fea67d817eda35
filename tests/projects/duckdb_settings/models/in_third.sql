{{ config(materialized='table', database='third') }}
select '{"a": [1, 2]}'::json ->> '$.a[1]' as j, timestamptz '2020-01-01 00:00:00+00' as t, date_trunc('day', timestamptz '2020-01-01 03:00:00+00') as d
