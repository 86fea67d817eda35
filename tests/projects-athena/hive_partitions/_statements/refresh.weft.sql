create or replace view "awsdatacatalog"."SCHEMA"."animals" as
select id, cast(name as varchar) as name, amount, day from (values
  (1, 'ant', cast(1.50 as decimal(10, 2)), date '2024-01-01'),
  (2, 'bee', cast(2.50 as decimal(10, 2)), date '2024-01-02'),
  (3, 'cat', cast(3.50 as decimal(10, 2)), date '2024-01-02'),
  (4, cast(null as varchar), cast(null as decimal(10, 2)), date '2024-02-03')
) as t (id, name, amount, day);

create table "awsdatacatalog"."SCHEMA"."both__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/both/UUID/',
  format = 'parquet',
  partitioned_by = array['day'],
  bucketed_by = array['id'],
  bucket_count = 2
)
as
select id, name, day from "awsdatacatalog"."SCHEMA"."animals";

create or replace view "awsdatacatalog"."SCHEMA"."both__dbt_tmp" as
select * from "awsdatacatalog"."SCHEMA"."both__weft_3";

create table "awsdatacatalog"."SCHEMA"."buckets__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/buckets/UUID/',
  format = 'parquet',
  bucketed_by = array['id'],
  bucket_count = 4
)
as
select id, name, day from "awsdatacatalog"."SCHEMA"."animals";

create table "awsdatacatalog"."SCHEMA"."by_day__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/by_day/UUID/',
  format = 'parquet',
  partitioned_by = array['day']
)
as
select id, name, amount, day from "awsdatacatalog"."SCHEMA"."animals";

create or replace view "awsdatacatalog"."SCHEMA"."by_day__dbt_tmp" as
select * from "awsdatacatalog"."SCHEMA"."by_day__weft_3";

create table "awsdatacatalog"."SCHEMA"."by_two__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/by_two/UUID/',
  format = 'parquet',
  partitioned_by = array['month', 'name']
)
as
select id, amount, date_format(day, '%Y-%m') as month, name from "awsdatacatalog"."SCHEMA"."animals" where name is not null;

create or replace view "awsdatacatalog"."SCHEMA"."by_two__dbt_tmp" as
select * from "awsdatacatalog"."SCHEMA"."by_two__weft_3";

