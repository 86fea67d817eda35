create or replace view "awsdatacatalog"."SCHEMA"."animals" as
select id, cast(name as varchar) as name, amount, day from (values
  (1, 'ant', cast(1.50 as decimal(10, 2)), date '2024-01-01'),
  (2, 'bee', cast(2.50 as decimal(10, 2)), date '2024-01-02'),
  (3, 'cat', cast(3.50 as decimal(10, 2)), date '2024-01-02'),
  (4, cast(null as varchar), cast(null as decimal(10, 2)), date '2024-02-03')
) as t (id, name, amount, day);

create table "awsdatacatalog"."SCHEMA"."hive_to_iceberg__dbt_tmp"
with (
  table_type = 'iceberg',
  is_external = false,
  location = 's3://lake/SCHEMA/data/SCHEMA/hive_to_iceberg/UUID/',
  format = 'parquet'
)
as
select id, name from "awsdatacatalog"."SCHEMA"."animals";

create table "awsdatacatalog"."SCHEMA"."iceberg_to_hive__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/iceberg_to_hive/UUID/',
  format = 'parquet'
)
as
select id, name from "awsdatacatalog"."SCHEMA"."animals";

create table "awsdatacatalog"."SCHEMA"."table_to_incremental__dbt_tmp"
with (
  table_type = 'iceberg',
  is_external = false,
  location = 's3://lake/SCHEMA/data/SCHEMA/table_to_incremental/UUID-new/',
  format = 'parquet'
)
as
select id, name from "awsdatacatalog"."SCHEMA"."animals";

merge into "awsdatacatalog"."SCHEMA"."table_to_incremental" as target
using "awsdatacatalog"."SCHEMA"."table_to_incremental__dbt_tmp" as src
on (target.id = src.id)
when matched
  then update set "name" = src."name"
when not matched
  then insert ("id", "name")
  values (src."id", src."name");

create or replace view "awsdatacatalog"."SCHEMA"."table_to_view__dbt_tmp" as
select id, name from "awsdatacatalog"."SCHEMA"."animals";

create table "awsdatacatalog"."SCHEMA"."view_to_table__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/view_to_table/UUID/',
  format = 'parquet'
)
as
select id, name from "awsdatacatalog"."SCHEMA"."animals";

