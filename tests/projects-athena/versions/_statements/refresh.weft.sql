create table "awsdatacatalog"."SCHEMA"."orders_v1__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/orders_v1/UUID/',
  format = 'parquet'
)
as
select 1 as id, 'one' as name
-- weft 7f152db5ddeff14d6721d45918746506;

create table "awsdatacatalog"."SCHEMA"."orders_v2__dbt_tmp"
with (
  table_type = 'iceberg',
  is_external = false,
  location = 's3://lake/SCHEMA/data/SCHEMA/orders_v2/UUID/',
  format = 'parquet'
)
as
select 1 as id
-- weft fd4937e2026f945dffc42d84ca292d28;

create table "awsdatacatalog"."SCHEMA"."reader__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/reader/UUID/',
  format = 'parquet'
)
as
select a.id, b.name from "awsdatacatalog"."SCHEMA"."orders_v2" as a join "awsdatacatalog"."SCHEMA"."orders_v1" as b on a.id = b.id
-- weft 77b3e5bfe81b3149bf64ae1b5e7eb5fa;

