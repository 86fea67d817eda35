create or replace view "awsdatacatalog"."SCHEMA"."changing" as
select id, cast(name as varchar) as name, amount, cast(day as date) as day from (values
  (1, 'ant', 10, '2024-01-01'),
  (2, 'wasp', 25, '2024-01-02'),
  (3, 'cat', 30, '2024-01-02'),
  (5, 'eel', 50, '2024-01-05')
) as t (id, name, amount, day);

create table "awsdatacatalog"."SCHEMA"."deleting__dbt_tmp"
with (
  table_type = 'iceberg',
  is_external = false,
  location = 's3://lake/SCHEMA/data/SCHEMA/deleting/UUID-new/',
  format = 'parquet'
)
as
select id, name, amount, day from "awsdatacatalog"."SCHEMA"."changing";

merge into "awsdatacatalog"."SCHEMA"."deleting" as target
using "awsdatacatalog"."SCHEMA"."deleting__dbt_tmp" as src
on (target.id = src.id)
when matched and (src.name = 'wasp')
  then delete
when matched
  then update set "name" = src."name",
    "amount" = src."amount",
    "day" = src."day"
when not matched
  then insert ("id", "name", "amount", "day")
  values (src."id", src."name", src."amount", src."day");

create table "awsdatacatalog"."SCHEMA"."inserting__dbt_tmp"
with (
  table_type = 'iceberg',
  is_external = false,
  location = 's3://lake/SCHEMA/data/SCHEMA/inserting/UUID-new/',
  format = 'parquet'
)
as
select id, name, amount, day from "awsdatacatalog"."SCHEMA"."changing";

merge into "awsdatacatalog"."SCHEMA"."inserting" as target
using "awsdatacatalog"."SCHEMA"."inserting__dbt_tmp" as src
on (target.id = src.id)
when matched
  then update set "name" = src."name",
    "amount" = src."amount",
    "day" = src."day"
when not matched and (src.id < 5)
  then insert ("id", "name", "amount", "day")
  values (src."id", src."name", src."amount", src."day");

create table "awsdatacatalog"."SCHEMA"."updating__dbt_tmp"
with (
  table_type = 'iceberg',
  is_external = false,
  location = 's3://lake/SCHEMA/data/SCHEMA/updating/UUID-new/',
  format = 'parquet'
)
as
select id, name, amount + 1 as amount, day from "awsdatacatalog"."SCHEMA"."changing";

merge into "awsdatacatalog"."SCHEMA"."updating" as target
using "awsdatacatalog"."SCHEMA"."updating__dbt_tmp" as src
on (target.id = src.id)
when matched and (target.amount >= 30)
  then update set "name" = src."name",
    "amount" = src."amount",
    "day" = src."day"
when not matched
  then insert ("id", "name", "amount", "day")
  values (src."id", src."name", src."amount", src."day");

