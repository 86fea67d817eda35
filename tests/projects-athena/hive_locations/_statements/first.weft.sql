create or replace view "awsdatacatalog"."SCHEMA"."animals" as
select id, cast(name as varchar) as name, amount, day from (values
  (1, 'ant', cast(1.50 as decimal(10, 2)), date '2024-01-01'),
  (2, 'bee', cast(2.50 as decimal(10, 2)), date '2024-01-02'),
  (3, 'cat', cast(3.50 as decimal(10, 2)), date '2024-01-02'),
  (4, cast(null as varchar), cast(null as decimal(10, 2)), date '2024-02-03')
) as t (id, name, amount, day);

create table "awsdatacatalog"."SCHEMA"."named_schema_table__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/named_schema_table/UUID/',
  format = 'parquet'
)
as
select * from "awsdatacatalog"."SCHEMA"."animals";

create table "awsdatacatalog"."SCHEMA"."named_schema_table_unique__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/named_schema_table_unique/UUID/',
  format = 'parquet'
)
as
select * from "awsdatacatalog"."SCHEMA"."animals";

create table "awsdatacatalog"."SCHEMA"."named_table__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/named_table/UUID/',
  format = 'parquet'
)
as
select * from "awsdatacatalog"."SCHEMA"."animals";

create table "awsdatacatalog"."SCHEMA"."named_table_unique__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/named_table_unique/UUID/',
  format = 'parquet'
)
as
select * from "awsdatacatalog"."SCHEMA"."animals";

create table "awsdatacatalog"."SCHEMA"."named_unique__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/UUID/',
  format = 'parquet'
)
as
select * from "awsdatacatalog"."SCHEMA"."animals";

create table "awsdatacatalog"."SCHEMA"."own_dir__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/own/SCHEMA/own_dir/UUID/',
  format = 'parquet'
)
as
select * from "awsdatacatalog"."SCHEMA"."animals";

