create table "awsdatacatalog"."SCHEMA"."forced_hive__dbt_tmp_rows"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/forced_hive/UUID-new-rows/',
  format = 'parquet',
  partitioned_by = array['weft_slice']
)
as
select dbt_keyed.*, weft_key / 144115188075855872 as weft_slice
from (
  select dbt_rows.*, bitwise_and(from_big_endian_64(xxhash64(to_utf8(coalesce('=' || cast("day" as varchar), '')))), 9223372036854775807) as weft_key
  from (
select cast(n as integer) as id, date_add('day', n, date '2024-01-01') as day from unnest(sequence(1, 130)) as t (n)
  ) as dbt_rows
) as dbt_keyed;

select distinct weft_key from "awsdatacatalog"."SCHEMA"."forced_hive__dbt_tmp_rows" order by 1;

select * from "awsdatacatalog"."SCHEMA"."forced_hive__dbt_tmp_rows" limit 0;

create table "awsdatacatalog"."SCHEMA"."forced_hive__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/forced_hive/UUID/',
  format = 'parquet',
  partitioned_by = array['day']
)
as
select "id", "day"
from "awsdatacatalog"."SCHEMA"."forced_hive__dbt_tmp_rows"
where weft_slice between 14906815059432184 / 144115188075855872 and 6468282668434159754 / 144115188075855872
  and weft_key between 14906815059432184 and 6468282668434159754;

create table "awsdatacatalog"."SCHEMA"."forced_hive__dbt_tmp_part"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/forced_hive/UUID/1/',
  format = 'parquet',
  partitioned_by = array['day']
)
as
select "id", "day"
from "awsdatacatalog"."SCHEMA"."forced_hive__dbt_tmp_rows"
where weft_slice between 6699014052880884917 / 144115188075855872 and 9169597554757054571 / 144115188075855872
  and weft_key between 6699014052880884917 and 9169597554757054571;

create or replace view "awsdatacatalog"."SCHEMA"."forced_hive__dbt_tmp" as
select * from "awsdatacatalog"."SCHEMA"."forced_hive__weft_3";

create table "awsdatacatalog"."SCHEMA"."forced_iceberg__dbt_tmp_rows"
with (
  table_type = 'iceberg',
  is_external = false,
  location = 's3://lake/SCHEMA/data/SCHEMA/forced_iceberg/UUID-new-rows/',
  format = 'parquet',
  partitioning = array['weft_slice']
)
as
select dbt_keyed.*, weft_key / 144115188075855872 as weft_slice
from (
  select dbt_rows.*, bitwise_and(from_big_endian_64(xxhash64(to_utf8(coalesce('=' || cast("day" as varchar), '')))), 9223372036854775807) as weft_key
  from (
select cast(n as integer) as id, date_add('day', n, date '2024-01-01') as day from unnest(sequence(1, 130)) as t (n)
  ) as dbt_rows
) as dbt_keyed;

select distinct weft_key from "awsdatacatalog"."SCHEMA"."forced_iceberg__dbt_tmp_rows" order by 1;

select * from "awsdatacatalog"."SCHEMA"."forced_iceberg__dbt_tmp_rows" limit 0;

create table "awsdatacatalog"."SCHEMA"."forced_iceberg__dbt_tmp"
with (
  table_type = 'iceberg',
  is_external = false,
  location = 's3://lake/SCHEMA/data/SCHEMA/forced_iceberg/UUID/',
  format = 'parquet',
  partitioning = array['day']
)
as
select "id", "day"
from "awsdatacatalog"."SCHEMA"."forced_iceberg__dbt_tmp_rows"
where weft_slice between 14906815059432184 / 144115188075855872 and 4134052933198088679 / 144115188075855872
  and weft_key between 14906815059432184 and 4134052933198088679;

insert into "awsdatacatalog"."SCHEMA"."forced_iceberg__dbt_tmp" ("id", "day")
select "id", "day"
from "awsdatacatalog"."SCHEMA"."forced_iceberg__dbt_tmp_rows"
where weft_slice between 4241108464410693500 / 144115188075855872 and 8558028821180242941 / 144115188075855872
  and weft_key between 4241108464410693500 and 8558028821180242941;

insert into "awsdatacatalog"."SCHEMA"."forced_iceberg__dbt_tmp" ("id", "day")
select "id", "day"
from "awsdatacatalog"."SCHEMA"."forced_iceberg__dbt_tmp_rows"
where weft_slice between 8587378759403942918 / 144115188075855872 and 9169597554757054571 / 144115188075855872
  and weft_key between 8587378759403942918 and 9169597554757054571;

create table "awsdatacatalog"."SCHEMA"."found_hive__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/found_hive/UUID/',
  format = 'parquet',
  partitioned_by = array['day']
)
as
select cast(n as integer) as id, date_add('day', n, date '2024-01-01') as day from unnest(sequence(1, 130)) as t (n);
-- FAILED

create table "awsdatacatalog"."SCHEMA"."found_hive__dbt_tmp_rows"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/found_hive/UUID-new-rows/',
  format = 'parquet',
  partitioned_by = array['weft_slice']
)
as
select dbt_keyed.*, weft_key / 144115188075855872 as weft_slice
from (
  select dbt_rows.*, bitwise_and(from_big_endian_64(xxhash64(to_utf8(coalesce('=' || cast("day" as varchar), '')))), 9223372036854775807) as weft_key
  from (
select cast(n as integer) as id, date_add('day', n, date '2024-01-01') as day from unnest(sequence(1, 130)) as t (n)
  ) as dbt_rows
) as dbt_keyed;

select distinct weft_key from "awsdatacatalog"."SCHEMA"."found_hive__dbt_tmp_rows" order by 1;

select * from "awsdatacatalog"."SCHEMA"."found_hive__dbt_tmp_rows" limit 0;

create table "awsdatacatalog"."SCHEMA"."found_hive__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/found_hive/UUID/',
  format = 'parquet',
  partitioned_by = array['day']
)
as
select "id", "day"
from "awsdatacatalog"."SCHEMA"."found_hive__dbt_tmp_rows"
where weft_slice between 14906815059432184 / 144115188075855872 and 6468282668434159754 / 144115188075855872
  and weft_key between 14906815059432184 and 6468282668434159754;

create table "awsdatacatalog"."SCHEMA"."found_hive__dbt_tmp_part"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/found_hive/UUID/1/',
  format = 'parquet',
  partitioned_by = array['day']
)
as
select "id", "day"
from "awsdatacatalog"."SCHEMA"."found_hive__dbt_tmp_rows"
where weft_slice between 6699014052880884917 / 144115188075855872 and 9169597554757054571 / 144115188075855872
  and weft_key between 6699014052880884917 and 9169597554757054571;

create or replace view "awsdatacatalog"."SCHEMA"."found_hive__dbt_tmp" as
select * from "awsdatacatalog"."SCHEMA"."found_hive__weft_3";

create table "awsdatacatalog"."SCHEMA"."overwritten__dbt_tmp_rows"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/overwritten/UUID-new-rows/',
  format = 'parquet',
  partitioned_by = array['weft_slice']
)
as
select dbt_keyed.*, weft_key / 144115188075855872 as weft_slice
from (
  select dbt_rows.*, bitwise_and(from_big_endian_64(xxhash64(to_utf8(coalesce('=' || cast("day" as varchar), '')))), 9223372036854775807) as weft_key
  from (
select cast(n as integer) as id, date_add('day', n, date '2024-01-01') as day from unnest(sequence(1, 130)) as t (n)
  ) as dbt_rows
) as dbt_keyed;

select distinct weft_key from "awsdatacatalog"."SCHEMA"."overwritten__dbt_tmp_rows" order by 1;

select * from "awsdatacatalog"."SCHEMA"."overwritten__dbt_tmp_rows" limit 0;

create table "awsdatacatalog"."SCHEMA"."overwritten__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/overwritten/UUID/',
  format = 'parquet',
  partitioned_by = array['day']
)
as
select "id", "day"
from "awsdatacatalog"."SCHEMA"."overwritten__dbt_tmp_rows"
where weft_slice between 14906815059432184 / 144115188075855872 and 6468282668434159754 / 144115188075855872
  and weft_key between 14906815059432184 and 6468282668434159754;

create table "awsdatacatalog"."SCHEMA"."overwritten__dbt_tmp_part"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/overwritten/UUID/1/',
  format = 'parquet',
  partitioned_by = array['day']
)
as
select "id", "day"
from "awsdatacatalog"."SCHEMA"."overwritten__dbt_tmp_rows"
where weft_slice between 6699014052880884917 / 144115188075855872 and 9169597554757054571 / 144115188075855872
  and weft_key between 6699014052880884917 and 9169597554757054571;

create or replace view "awsdatacatalog"."SCHEMA"."overwritten__dbt_tmp" as
select * from "awsdatacatalog"."SCHEMA"."overwritten__weft_3";

