create or replace view "awsdatacatalog"."SCHEMA"."animals" as
select id, cast(name as varchar) as name, amount, day from (values
  (1, 'ant', cast(1.50 as decimal(10, 2)), date '2024-01-01'),
  (2, 'bee', cast(2.50 as decimal(10, 2)), date '2024-01-02'),
  (3, 'cat', cast(3.50 as decimal(10, 2)), date '2024-01-02'),
  (4, cast(null as varchar), cast(null as decimal(10, 2)), date '2024-02-03')
) as t (id, name, amount, day);

create table "awsdatacatalog"."SCHEMA"."granted__dbt_tmp"
with (
  table_type = 'iceberg',
  is_external = false,
  location = 's3://lake/SCHEMA/data/SCHEMA/granted/UUID/',
  format = 'parquet'
)
as
select * from "awsdatacatalog"."SCHEMA"."animals";

create table "awsdatacatalog"."SCHEMA"."retagged__dbt_tmp"
with (
  table_type = 'iceberg',
  is_external = false,
  location = 's3://lake/SCHEMA/data/SCHEMA/retagged/UUID/',
  format = 'parquet'
)
as
select * from "awsdatacatalog"."SCHEMA"."animals";

create table "awsdatacatalog"."SCHEMA"."tagged__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/tagged/UUID/',
  format = 'parquet'
)
as
select * from "awsdatacatalog"."SCHEMA"."animals";

create or replace view "awsdatacatalog"."SCHEMA"."tagged_view" as
select * from "awsdatacatalog"."SCHEMA"."animals";

