create table "awsdatacatalog"."SCHEMA"."Upper_Case__dbt_tmp"
with (
  table_type = 'iceberg',
  is_external = false,
  location = 's3://lake/SCHEMA/data/SCHEMA/Upper_Case/UUID/',
  format = 'parquet'
)
as
select 1 as "Id", 2 as "Some Thing";

create table "awsdatacatalog"."SCHEMA_extra"."renamed__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA_extra/renamed/UUID/',
  format = 'parquet'
)
as
select 1 as id;

create table "awsdatacatalog"."SCHEMA"."order__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/order/UUID/',
  format = 'parquet'
)
as
select id as "select", id as "table" from "awsdatacatalog"."SCHEMA_extra"."renamed";

