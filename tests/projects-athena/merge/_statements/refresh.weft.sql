create or replace view "awsdatacatalog"."SCHEMA"."changing" as
select id, cast(name as varchar) as name, amount, cast(day as date) as day from (values
  (1, 'ant', 10, '2024-01-01'),
  (2, 'wasp', 25, '2024-01-02'),
  (3, 'cat', 30, '2024-01-02'),
  (5, 'eel', 50, '2024-01-05')
) as t (id, name, amount, day);

create table "awsdatacatalog"."SCHEMA"."but_columns__dbt_tmp"
with (
  table_type = 'iceberg',
  is_external = false,
  location = 's3://lake/SCHEMA/data/SCHEMA/but_columns/UUID/',
  format = 'parquet'
)
as
select id, name, amount, day from "awsdatacatalog"."SCHEMA"."changing";

create table "awsdatacatalog"."SCHEMA"."by_id__dbt_tmp"
with (
  table_type = 'iceberg',
  is_external = false,
  location = 's3://lake/SCHEMA/data/SCHEMA/by_id/UUID/',
  format = 'parquet'
)
as
select id, name, amount, day from "awsdatacatalog"."SCHEMA"."changing";

create table "awsdatacatalog"."SCHEMA"."by_two__dbt_tmp"
with (
  table_type = 'iceberg',
  is_external = false,
  location = 's3://lake/SCHEMA/data/SCHEMA/by_two/UUID/',
  format = 'parquet'
)
as
select id, day, name, amount from "awsdatacatalog"."SCHEMA"."changing";

create table "awsdatacatalog"."SCHEMA"."some_columns__dbt_tmp"
with (
  table_type = 'iceberg',
  is_external = false,
  location = 's3://lake/SCHEMA/data/SCHEMA/some_columns/UUID/',
  format = 'parquet'
)
as
select id, name, amount, day from "awsdatacatalog"."SCHEMA"."changing";

create table "awsdatacatalog"."SCHEMA"."with_predicates__dbt_tmp"
with (
  table_type = 'iceberg',
  is_external = false,
  location = 's3://lake/SCHEMA/data/SCHEMA/with_predicates/UUID/',
  format = 'parquet',
  partitioning = array['day']
)
as
select id, name, amount, day from "awsdatacatalog"."SCHEMA"."changing";

