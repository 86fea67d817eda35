create or replace view "awsdatacatalog"."SCHEMA"."animals" as
select id, cast(name as varchar) as name, amount, day from (values
  (1, 'ant', cast(1.50 as decimal(10, 2)), date '2024-01-01'),
  (2, 'bee', cast(2.50 as decimal(10, 2)), date '2024-01-02'),
  (3, 'cat', cast(3.50 as decimal(10, 2)), date '2024-01-02'),
  (4, cast(null as varchar), cast(null as decimal(10, 2)), date '2024-02-03')
) as t (id, name, amount, day);

create table "awsdatacatalog"."SCHEMA"."hive__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/hive/UUID/',
  format = 'parquet'
)
as
select id, name, amount, day from "awsdatacatalog"."SCHEMA"."animals" where id > 100;

create table "awsdatacatalog"."SCHEMA"."hive_by_day__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/hive_by_day/UUID/',
  format = 'parquet',
  partitioned_by = array['day']
)
as
select id, name, amount, day from "awsdatacatalog"."SCHEMA"."animals" where id > 100;

create or replace view "awsdatacatalog"."SCHEMA"."hive_by_day__dbt_tmp" as
select * from "awsdatacatalog"."SCHEMA"."hive_by_day__weft_2";

create table "awsdatacatalog"."SCHEMA"."in_iceberg__dbt_tmp"
with (
  table_type = 'iceberg',
  is_external = false,
  location = 's3://lake/SCHEMA/data/SCHEMA/in_iceberg/UUID/',
  format = 'parquet',
  partitioning = array['day']
)
as
select id, name, amount, day from "awsdatacatalog"."SCHEMA"."animals" where id > 100;

create table "awsdatacatalog"."SCHEMA"."nothing_new__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/nothing_new/UUID/',
  format = 'parquet',
  partitioned_by = array['day']
)
as
select "id", "day"
from "awsdatacatalog"."SCHEMA"."nothing_new"
where false
union all
select "id", "day"
from (
select id, day from "awsdatacatalog"."SCHEMA"."animals" where false
) as dbt_rows;

create or replace view "awsdatacatalog"."SCHEMA"."nothing_new__dbt_tmp" as
select "id", "day" from "awsdatacatalog"."SCHEMA"."nothing_new__weft_2";

create table "awsdatacatalog"."SCHEMA"."nothing_to_merge__dbt_tmp"
with (
  table_type = 'iceberg',
  is_external = false,
  location = 's3://lake/SCHEMA/data/SCHEMA/nothing_to_merge/UUID-new/',
  format = 'parquet'
)
as
select id, day from "awsdatacatalog"."SCHEMA"."animals" where false;

merge into "awsdatacatalog"."SCHEMA"."nothing_to_merge" as target
using "awsdatacatalog"."SCHEMA"."nothing_to_merge__dbt_tmp" as src
on (target.id = src.id)
when matched
  then update set "day" = src."day"
when not matched
  then insert ("id", "day")
  values (src."id", src."day");

