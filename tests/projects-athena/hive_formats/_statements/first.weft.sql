create or replace view "awsdatacatalog"."SCHEMA"."animals" as
select id, cast(name as varchar) as name, amount, day from (values
  (1, 'ant', cast(1.50 as decimal(10, 2)), date '2024-01-01'),
  (2, 'bee', cast(2.50 as decimal(10, 2)), date '2024-01-02'),
  (3, 'cat', cast(3.50 as decimal(10, 2)), date '2024-01-02'),
  (4, cast(null as varchar), cast(null as decimal(10, 2)), date '2024-02-03')
) as t (id, name, amount, day);

create table "awsdatacatalog"."SCHEMA"."as_avro__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/as_avro/UUID/',
  format = 'avro'
)
as
select id, name, cast(amount as double) as amount from "awsdatacatalog"."SCHEMA"."animals";

create table "awsdatacatalog"."SCHEMA"."as_json__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/as_json/UUID/',
  format = 'json'
)
as
select id, name, cast(amount as double) as amount from "awsdatacatalog"."SCHEMA"."animals";

create table "awsdatacatalog"."SCHEMA"."as_orc__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/as_orc/UUID/',
  format = 'orc'
)
as
select id, name, cast(amount as double) as amount from "awsdatacatalog"."SCHEMA"."animals";

create table "awsdatacatalog"."SCHEMA"."as_parquet__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/as_parquet/UUID/',
  format = 'parquet'
)
as
select id, name, cast(amount as double) as amount from "awsdatacatalog"."SCHEMA"."animals";

create table "awsdatacatalog"."SCHEMA"."as_textfile__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/as_textfile/UUID/',
  format = 'textfile'
)
as
select id, name, cast(amount as double) as amount from "awsdatacatalog"."SCHEMA"."animals";

create table "awsdatacatalog"."SCHEMA"."semicolons__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/semicolons/UUID/',
  format = 'textfile',
  field_delimiter = ';'
)
as
select id, name from "awsdatacatalog"."SCHEMA"."animals" where name is not null;

create table "awsdatacatalog"."SCHEMA"."zstd__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/zstd/UUID/',
  format = 'parquet',
  write_compression = 'zstd'
)
as
select * from "awsdatacatalog"."SCHEMA"."animals";

