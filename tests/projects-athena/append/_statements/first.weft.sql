create or replace view "awsdatacatalog"."SCHEMA"."changing" as
select id, cast(name as varchar) as name, amount, cast(day as date) as day from (values
  (1, 'ant', 10, '2024-01-01'),
  (2, 'bee', 20, '2024-01-02'),
  (3, 'cat', 30, '2024-01-02')
) as t (id, name, amount, day);

create table "awsdatacatalog"."SCHEMA"."append_hive__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/append_hive/UUID/',
  format = 'parquet'
)
as
select id, name, amount, day from "awsdatacatalog"."SCHEMA"."changing";

create or replace view "awsdatacatalog"."SCHEMA"."append_hive__dbt_tmp" as
select * from "awsdatacatalog"."SCHEMA"."append_hive__weft_1";

create table "awsdatacatalog"."SCHEMA"."append_iceberg__dbt_tmp"
with (
  table_type = 'iceberg',
  is_external = false,
  location = 's3://lake/SCHEMA/data/SCHEMA/append_iceberg/UUID/',
  format = 'parquet'
)
as
select id, name, amount, day from "awsdatacatalog"."SCHEMA"."changing";

create table "awsdatacatalog"."SCHEMA"."append_twice__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/append_twice/UUID/',
  format = 'parquet'
)
as
select id, name from "awsdatacatalog"."SCHEMA"."changing";

create or replace view "awsdatacatalog"."SCHEMA"."append_twice__dbt_tmp" as
select * from "awsdatacatalog"."SCHEMA"."append_twice__weft_1";

