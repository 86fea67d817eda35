create table "awsdatacatalog"."SCHEMA"."grows__dbt_tmp"
with (
  table_type = 'iceberg',
  is_external = false,
  location = 's3://lake/SCHEMA/data/SCHEMA/grows/UUID/',
  format = 'parquet'
)
as
with __dbt__cte__eph as (
select 1 as id, 'x' as name
),  __dbt__cte__eph_two as (
with a as (select * from __dbt__cte__eph) select id + 1 as id, name from a
) select * from __dbt__cte__eph_two;

create table "awsdatacatalog"."SCHEMA"."uses__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/uses/UUID/',
  format = 'parquet'
)
as
with  __dbt__cte__eph as (
select 1 as id, 'x' as name
),  __dbt__cte__eph_two as (
with a as (select * from __dbt__cte__eph) select id + 1 as id, name from a
), mine as (select * from __dbt__cte__eph) select * from mine union all select * from __dbt__cte__eph_two;

