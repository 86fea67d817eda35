create or replace view "awsdatacatalog"."SCHEMA"."changing" as
select id, cast(name as varchar) as name, amount, cast(day as date) as day from (values
  (1, 'ant', 10, '2024-01-01'),
  (2, 'wasp', 25, '2024-01-02'),
  (3, 'cat', 30, '2024-01-02'),
  (5, 'eel', 50, '2024-01-05')
) as t (id, name, amount, day);

select * from (
select id, name, 1 as added from "awsdatacatalog"."SCHEMA"."changing" where id > 3
) as dbt_sbq
where false
limit 0;

create table "awsdatacatalog"."SCHEMA"."appends_hive__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/appends_hive/UUID/',
  format = 'parquet'
)
as
select "id", "name", "amount", null as "added"
from "awsdatacatalog"."SCHEMA"."appends_hive"
where false
union all
select "id", "name", null as "amount", "added"
from (
select id, name, 1 as added from "awsdatacatalog"."SCHEMA"."changing" where id > 3
) as dbt_rows;

create or replace view "awsdatacatalog"."SCHEMA"."appends_hive__dbt_tmp" as
select "id", "name", "amount", "added" from "awsdatacatalog"."SCHEMA"."appends_hive__weft_2";

select * from (
select id, name, 1 as added from "awsdatacatalog"."SCHEMA"."changing" where id > 3
) as dbt_sbq
where false
limit 0;

create table "awsdatacatalog"."SCHEMA"."appends_iceberg__dbt_tmp"
with (
  table_type = 'iceberg',
  is_external = false,
  location = 's3://lake/SCHEMA/data/SCHEMA/appends_iceberg/UUID-new/',
  format = 'parquet'
)
as
select id, name, 1 as added from "awsdatacatalog"."SCHEMA"."changing" where id > 3;

alter table `SCHEMA`.`appends_iceberg__weft_next` add columns (`added` int);

insert into "awsdatacatalog"."SCHEMA"."appends_iceberg__weft_next" ("id", "name", "added")
select "id", "name", "added"
from "awsdatacatalog"."SCHEMA"."appends_iceberg__dbt_tmp";

select * from (
select id, name, 1 as added from "awsdatacatalog"."SCHEMA"."changing" where id > 3
) as dbt_sbq
where false
limit 0;

create table "awsdatacatalog"."SCHEMA"."ignores__dbt_tmp"
with (
  table_type = 'iceberg',
  is_external = false,
  location = 's3://lake/SCHEMA/data/SCHEMA/ignores/UUID-new/',
  format = 'parquet'
)
as
select id, name, 1 as added from "awsdatacatalog"."SCHEMA"."changing";

insert into "awsdatacatalog"."SCHEMA"."ignores" ("id", "name")
select "id", "name"
from "awsdatacatalog"."SCHEMA"."ignores__dbt_tmp";

select * from (
select id, name, 1 as added from "awsdatacatalog"."SCHEMA"."changing" where id > 3
) as dbt_sbq
where false
limit 0;

create table "awsdatacatalog"."SCHEMA"."merges_iceberg__dbt_tmp"
with (
  table_type = 'iceberg',
  is_external = false,
  location = 's3://lake/SCHEMA/data/SCHEMA/merges_iceberg/UUID-new/',
  format = 'parquet'
)
as
select id, name, 1 as added from "awsdatacatalog"."SCHEMA"."changing" where id > 3;

alter table `SCHEMA`.`merges_iceberg__weft_next` add columns (`added` int);

merge into "awsdatacatalog"."SCHEMA"."merges_iceberg__weft_next" as target
using "awsdatacatalog"."SCHEMA"."merges_iceberg__dbt_tmp" as src
on (target.id = src.id)
when matched
  then update set "name" = src."name",
    "added" = src."added"
when not matched
  then insert ("id", "name", "added")
  values (src."id", src."name", src."added");

select * from (
select id, name, 1 as added from "awsdatacatalog"."SCHEMA"."changing" where id > 3
) as dbt_sbq
where false
limit 0;

create table "awsdatacatalog"."SCHEMA"."syncs_iceberg__dbt_tmp"
with (
  table_type = 'iceberg',
  is_external = false,
  location = 's3://lake/SCHEMA/data/SCHEMA/syncs_iceberg/UUID-new/',
  format = 'parquet'
)
as
select id, name, 1 as added from "awsdatacatalog"."SCHEMA"."changing" where id > 3;

alter table `SCHEMA`.`syncs_iceberg__weft_next` add columns (`added` int);

alter table `SCHEMA`.`syncs_iceberg__weft_next` drop column `amount`;

insert into "awsdatacatalog"."SCHEMA"."syncs_iceberg__weft_next" ("id", "name", "added")
select "id", "name", "added"
from "awsdatacatalog"."SCHEMA"."syncs_iceberg__dbt_tmp";

