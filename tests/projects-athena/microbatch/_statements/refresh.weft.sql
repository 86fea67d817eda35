create table "awsdatacatalog"."SCHEMA"."events__dbt_tmp"
with (
  table_type = 'iceberg',
  is_external = false,
  location = 's3://lake/SCHEMA/data/SCHEMA/events/UUID/',
  format = 'parquet'
)
as
select id, cast(at as timestamp(6)) as at, cast(kind as varchar) as kind from (values
  (1, '2024-03-01 10:00:00', 'a'), (2, '2025-03-01 10:00:00', 'b'), (3, 'NOW', 'c'), (4, 'NOW', 'd'), (5, '2024-04-01 00:00:00', 'late')
) as t (id, at, kind);

create table "awsdatacatalog"."SCHEMA"."on_hive__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/on_hive/UUID/',
  format = 'parquet',
  partitioned_by = array['year']
)
as
select id, kind, cast(at as timestamp(3)) as at, year(at) as year from (select * from "awsdatacatalog"."SCHEMA"."events" where cast(at as timestamp) >= timestamp '2024-01-01 00:00:00+00:00' and cast(at as timestamp) < timestamp '2025-01-01 00:00:00+00:00');

create table "awsdatacatalog"."SCHEMA"."on_hive__dbt_tmp__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/on_hive/UUID/',
  format = 'parquet',
  partitioned_by = array['year']
)
as
select "id", "kind", "at", "year"
from "awsdatacatalog"."SCHEMA"."on_hive__dbt_tmp"
where false
union all
select "id", "kind", "at", "year"
from (
select id, kind, cast(at as timestamp(3)) as at, year(at) as year from (select * from "awsdatacatalog"."SCHEMA"."events" where cast(at as timestamp) >= timestamp '2025-01-01 00:00:00+00:00' and cast(at as timestamp) < timestamp 'NOW+00:00')
) as dbt_rows;

create table "awsdatacatalog"."SCHEMA"."on_hive__dbt_tmp__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/on_hive/UUID/',
  format = 'parquet',
  partitioned_by = array['year']
)
as
select "id", "kind", "at", "year"
from "awsdatacatalog"."SCHEMA"."on_hive__dbt_tmp"
where false
union all
select "id", "kind", "at", "year"
from (
select id, kind, cast(at as timestamp(3)) as at, year(at) as year from (select * from "awsdatacatalog"."SCHEMA"."events" where cast(at as timestamp) >= timestamp 'NOW+00:00' and cast(at as timestamp) < timestamp 'NOW+00:00')
) as dbt_rows;

create or replace view "awsdatacatalog"."SCHEMA"."on_hive__dbt_tmp" as
select * from "awsdatacatalog"."SCHEMA"."on_hive__weft_2";

create table "awsdatacatalog"."SCHEMA"."on_iceberg__dbt_tmp"
with (
  table_type = 'iceberg',
  is_external = false,
  location = 's3://lake/SCHEMA/data/SCHEMA/on_iceberg/UUID/',
  format = 'parquet'
)
as
select id, kind, at from (select * from "awsdatacatalog"."SCHEMA"."events" where cast(at as timestamp) >= timestamp '2024-01-01 00:00:00+00:00' and cast(at as timestamp) < timestamp '2025-01-01 00:00:00+00:00');

create table "awsdatacatalog"."SCHEMA"."on_iceberg__dbt_tmp__dbt_tmp"
with (
  table_type = 'iceberg',
  is_external = false,
  location = 's3://lake/SCHEMA/data/SCHEMA/on_iceberg/UUID-new/',
  format = 'parquet'
)
as
select id, kind, at from (select * from "awsdatacatalog"."SCHEMA"."events" where cast(at as timestamp) >= timestamp '2025-01-01 00:00:00+00:00' and cast(at as timestamp) < timestamp 'NOW+00:00');

merge into "awsdatacatalog"."SCHEMA"."on_iceberg__dbt_tmp" as target
using "awsdatacatalog"."SCHEMA"."on_iceberg__dbt_tmp__dbt_tmp" as src
on (target.id = src.id)
when matched
  then update set "kind" = src."kind",
    "at" = src."at"
when not matched
  then insert ("id", "kind", "at")
  values (src."id", src."kind", src."at");

create table "awsdatacatalog"."SCHEMA"."on_iceberg__dbt_tmp__dbt_tmp"
with (
  table_type = 'iceberg',
  is_external = false,
  location = 's3://lake/SCHEMA/data/SCHEMA/on_iceberg/UUID-new/',
  format = 'parquet'
)
as
select id, kind, at from (select * from "awsdatacatalog"."SCHEMA"."events" where cast(at as timestamp) >= timestamp 'NOW+00:00' and cast(at as timestamp) < timestamp 'NOW+00:00');

merge into "awsdatacatalog"."SCHEMA"."on_iceberg__dbt_tmp" as target
using "awsdatacatalog"."SCHEMA"."on_iceberg__dbt_tmp__dbt_tmp" as src
on (target.id = src.id)
when matched
  then update set "kind" = src."kind",
    "at" = src."at"
when not matched
  then insert ("id", "kind", "at")
  values (src."id", src."kind", src."at");

