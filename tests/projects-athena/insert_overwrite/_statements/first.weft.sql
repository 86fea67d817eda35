create or replace view "awsdatacatalog"."SCHEMA"."changing" as
select id, cast(name as varchar) as name, amount, cast(day as date) as day from (values
  (1, 'ant', 10, '2024-01-01'),
  (2, 'bee', 20, '2024-01-02'),
  (3, 'cat', 30, '2024-01-02')
) as t (id, name, amount, day);

create table "awsdatacatalog"."SCHEMA"."by_day__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/by_day/UUID/',
  format = 'parquet',
  partitioned_by = array['day']
)
as
select id, name, amount, day from "awsdatacatalog"."SCHEMA"."changing";

create or replace view "awsdatacatalog"."SCHEMA"."by_day__dbt_tmp" as
select * from "awsdatacatalog"."SCHEMA"."by_day__weft_1";

create table "awsdatacatalog"."SCHEMA"."by_default__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/by_default/UUID/',
  format = 'parquet',
  partitioned_by = array['month', 'day']
)
as
select id, name, amount, date_format(day, '%Y-%m') as month, day from "awsdatacatalog"."SCHEMA"."changing";

create or replace view "awsdatacatalog"."SCHEMA"."by_default__dbt_tmp" as
select * from "awsdatacatalog"."SCHEMA"."by_default__weft_1";

