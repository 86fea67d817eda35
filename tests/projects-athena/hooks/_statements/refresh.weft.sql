create table if not exists SCHEMA.hook_log (what string) location 's3://lake/SCHEMA/hook_log' tblproperties ('table_type' = 'iceberg');

create or replace view "awsdatacatalog"."SCHEMA"."changing" as
select id, cast(name as varchar) as name, amount, cast(day as date) as day from (values
  (1, 'ant', 10, '2024-01-01'),
  (2, 'wasp', 25, '2024-01-02'),
  (3, 'cat', 30, '2024-01-02'),
  (5, 'eel', 50, '2024-01-05')
) as t (id, name, amount, day);

insert into SCHEMA.hook_log select 'before';

create table "awsdatacatalog"."SCHEMA"."maintained__dbt_tmp"
with (
  table_type = 'iceberg',
  is_external = false,
  location = 's3://lake/SCHEMA/data/SCHEMA/maintained/UUID/',
  format = 'parquet'
)
as
select id, name from "awsdatacatalog"."SCHEMA"."changing";

optimize awsdatacatalog.SCHEMA.maintained rewrite data using bin_pack;

vacuum awsdatacatalog.SCHEMA.maintained;

insert into SCHEMA.hook_log values ('after');

create table "awsdatacatalog"."SCHEMA"."log__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/log/UUID/',
  format = 'parquet'
)
as
-- depends_on: "awsdatacatalog"."SCHEMA"."maintained"
select what, count(*) as n from SCHEMA.hook_log group by what;

insert into SCHEMA.hook_log values ('end');

