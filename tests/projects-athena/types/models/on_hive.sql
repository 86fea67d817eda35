{{ config(materialized='table') }}
select
  cast(1 as tinyint) as t, cast(2 as smallint) as s, cast(3 as integer) as i, cast(4 as bigint) as b, cast(1.5 as real) as r, cast(2.5 as double) as d,
  cast(123.4567 as decimal(12, 4)) as dec, true as ok, cast('text' as varchar) as v, cast('fix' as char(5)) as c, date '2024-02-29' as day,
  cast('2024-02-29 12:34:56.123' as timestamp(3)) as at, cast('bytes' as varbinary) as bin,
  array[1, 2, null] as list, map(array['a', 'b'], array[1, 2]) as dict, cast(row(1, 'x') as row(n integer, w varchar)) as pair,
  array[cast(row(1, array['p']) as row(n integer, ws array(varchar)))] as deep
