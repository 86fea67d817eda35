create or replace view "awsdatacatalog"."SCHEMA"."changing" as
select id, cast(name as varchar) as name, amount, cast(day as date) as day from (values
  (1, 'ant', 10, '2024-01-01'),
  (2, 'wasp', 25, '2024-01-02'),
  (3, 'cat', 30, '2024-01-02'),
  (5, 'eel', 50, '2024-01-05')
) as t (id, name, amount, day);

create table "awsdatacatalog"."SCHEMA"."append_hive__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/append_hive/UUID/',
  format = 'parquet'
)
as
select "id", "name", "amount", "day"
from "awsdatacatalog"."SCHEMA"."append_hive"
where false
union all
select "id", "name", "amount", "day"
from (
select id, name, amount, day from "awsdatacatalog"."SCHEMA"."changing"
where id > (select max(id) from "awsdatacatalog"."SCHEMA"."append_hive")
) as dbt_rows;

create or replace view "awsdatacatalog"."SCHEMA"."append_hive__dbt_tmp" as
select "id", "name", "amount", "day" from "awsdatacatalog"."SCHEMA"."append_hive__weft_2";

create table "awsdatacatalog"."SCHEMA"."append_iceberg__dbt_tmp"
with (
  table_type = 'iceberg',
  is_external = false,
  location = 's3://lake/SCHEMA/data/SCHEMA/append_iceberg/UUID-new/',
  format = 'parquet'
)
as
select id, name, amount, day from "awsdatacatalog"."SCHEMA"."changing"
where id > (select max(id) from "awsdatacatalog"."SCHEMA"."append_iceberg");

insert into "awsdatacatalog"."SCHEMA"."append_iceberg" ("id", "name", "amount", "day")
select "id", "name", "amount", "day"
from "awsdatacatalog"."SCHEMA"."append_iceberg__dbt_tmp";

create table "awsdatacatalog"."SCHEMA"."append_twice__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/append_twice/UUID/',
  format = 'parquet'
)
as
select "id", "name"
from "awsdatacatalog"."SCHEMA"."append_twice"
where false
union all
select "id", "name"
from (
select id, name from "awsdatacatalog"."SCHEMA"."changing"
) as dbt_rows;

create or replace view "awsdatacatalog"."SCHEMA"."append_twice__dbt_tmp" as
select "id", "name" from "awsdatacatalog"."SCHEMA"."append_twice__weft_2";

