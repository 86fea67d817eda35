create or replace view "awsdatacatalog"."SCHEMA"."animals" as
select id, cast(name as varchar) as name, amount, day from (values
  (1, 'ant', cast(1.50 as decimal(10, 2)), date '2024-01-01'),
  (2, 'bee', cast(2.50 as decimal(10, 2)), date '2024-01-02'),
  (3, 'cat', cast(3.50 as decimal(10, 2)), date '2024-01-02'),
  (4, cast(null as varchar), cast(null as decimal(10, 2)), date '2024-02-03')
) as t (id, name, amount, day);

select * from (
select id, name, day from "awsdatacatalog"."SCHEMA"."animals"
) as __dbt_sbq
where false
limit 0;

create table "awsdatacatalog"."SCHEMA"."told_by_day__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/told_by_day/UUID/',
  format = 'parquet',
  partitioned_by = array['day']
)
as
select id, name, day from "awsdatacatalog"."SCHEMA"."animals";

create or replace view "awsdatacatalog"."SCHEMA"."told_by_day__dbt_tmp" as
select * from "awsdatacatalog"."SCHEMA"."told_by_day__weft_1";

select * from (
select id, name, day from "awsdatacatalog"."SCHEMA"."animals"
) as __dbt_sbq
where false
limit 0;

create table "awsdatacatalog"."SCHEMA"."told_hive__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/told_hive/UUID/',
  format = 'parquet'
)
as
select id, name, day from "awsdatacatalog"."SCHEMA"."animals";

select * from (
select id, name, day from "awsdatacatalog"."SCHEMA"."animals"
) as __dbt_sbq
where false
limit 0;

create table "awsdatacatalog"."SCHEMA"."told_iceberg__dbt_tmp"
with (
  table_type = 'iceberg',
  is_external = false,
  location = 's3://lake/SCHEMA/data/SCHEMA/told_iceberg/UUID/',
  format = 'parquet'
)
as
select id, name, day from "awsdatacatalog"."SCHEMA"."animals";

select * from (
select id, name from "awsdatacatalog"."SCHEMA"."animals"
) as __dbt_sbq
where false
limit 0;

create or replace view "awsdatacatalog"."SCHEMA"."told_view" as
select id, name from "awsdatacatalog"."SCHEMA"."animals";

