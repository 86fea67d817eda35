create table "awsdatacatalog"."SCHEMA"."on_hive__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/on_hive/UUID/',
  format = 'parquet'
)
as
select
  cast(1 as tinyint) as t, cast(2 as smallint) as s, cast(3 as integer) as i, cast(4 as bigint) as b, cast(1.5 as real) as r, cast(2.5 as double) as d,
  cast(123.4567 as decimal(12, 4)) as dec, true as ok, cast('text' as varchar) as v, cast('fix' as char(5)) as c, date '2024-02-29' as day,
  cast('2024-02-29 12:34:56.123' as timestamp(3)) as at, cast('bytes' as varbinary) as bin,
  array[1, 2, null] as list, map(array['a', 'b'], array[1, 2]) as dict, cast(row(1, 'x') as row(n integer, w varchar)) as pair,
  array[cast(row(1, array['p']) as row(n integer, ws array(varchar)))] as deep;

create table "awsdatacatalog"."SCHEMA"."on_iceberg__dbt_tmp"
with (
  table_type = 'iceberg',
  is_external = false,
  location = 's3://lake/SCHEMA/data/SCHEMA/on_iceberg/UUID/',
  format = 'parquet'
)
as
select
  cast(1 as integer) as t, cast(2 as integer) as s, cast(3 as integer) as i, cast(4 as bigint) as b, cast(1.5 as real) as r, cast(2.5 as double) as d,
  cast(123.4567 as decimal(12, 4)) as dec, true as ok, cast('text' as varchar) as v, cast('fix' as varchar) as c, date '2024-02-29' as day,
  cast('2024-02-29 12:34:56.123' as timestamp(6)) as at, cast('bytes' as varbinary) as bin,
  array[1, 2, null] as list, map(array['a', 'b'], array[1, 2]) as dict, cast(row(1, 'x') as row(n integer, w varchar)) as pair,
  array[cast(row(1, array['p']) as row(n integer, ws array(varchar)))] as deep;

create or replace view "awsdatacatalog"."SCHEMA"."of_them" as
select h.list[1] as first, h.dict['b'] as b, h.pair.w as w, i.deep[1].ws[1] as p, i.at from "awsdatacatalog"."SCHEMA"."on_hive" h cross join "awsdatacatalog"."SCHEMA"."on_iceberg" i;

