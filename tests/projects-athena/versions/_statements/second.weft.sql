create table "awsdatacatalog"."SCHEMA"."orders_v1__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/orders_v1/UUID/',
  format = 'parquet'
)
as
select 1 as id, 'one' as name;

create table "awsdatacatalog"."SCHEMA"."orders_v2__dbt_tmp"
with (
  table_type = 'iceberg',
  is_external = false,
  location = 's3://lake/SCHEMA/data/SCHEMA/orders_v2/UUID/',
  format = 'parquet'
)
as
select 1 as id;

create table "awsdatacatalog"."SCHEMA"."reader__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/reader/UUID/',
  format = 'parquet'
)
as
select a.id, b.name from "awsdatacatalog"."SCHEMA"."orders_v2" as a join "awsdatacatalog"."SCHEMA"."orders_v1" as b on a.id = b.id;

