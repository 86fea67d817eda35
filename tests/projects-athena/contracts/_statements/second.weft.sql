select * from (
select cast('x' as varchar) as id
) as __dbt_sbq
where false
limit 0;

select * from (
select
  cast(null as bigint) as id
) as __dbt_sbq
where false
limit 0;

select * from (
select cast(1 as bigint) as id, cast('x' as varchar) as name, cast(1.5 as decimal(10, 2)) as amount
) as __dbt_sbq
where false
limit 0;

select * from (
select
  cast(null as bigint) as id, cast(null as varchar) as name, cast(null as decimal(10,2)) as amount
) as __dbt_sbq
where false
limit 0;

create table "awsdatacatalog"."SCHEMA"."keeps__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/keeps/UUID/',
  format = 'parquet'
)
as
select cast(1 as bigint) as id, cast('x' as varchar) as name, cast(1.5 as decimal(10, 2)) as amount;

select * from (
select cast(1 as integer) as id, cast('2024-01-01' as date) as day
) as __dbt_sbq
where false
limit 0;

select * from (
select
  cast(null as integer) as id, cast(null as date) as day
) as __dbt_sbq
where false
limit 0;

select * from (
select cast(1 as integer) as id, cast('2024-01-01' as date) as day
) as dbt_sbq
where false
limit 0;

create table "awsdatacatalog"."SCHEMA"."keeps_iceberg__dbt_tmp"
with (
  table_type = 'iceberg',
  is_external = false,
  location = 's3://lake/SCHEMA/data/SCHEMA/keeps_iceberg/UUID-new/',
  format = 'parquet'
)
as
select cast(1 as integer) as id, cast('2024-01-01' as date) as day;

insert into "awsdatacatalog"."SCHEMA"."keeps_iceberg" ("id", "day")
select "id", "day"
from "awsdatacatalog"."SCHEMA"."keeps_iceberg__dbt_tmp";

