create or replace view
    "awsdatacatalog"."SCHEMA"."changing"
  as
select id, cast(name as varchar) as name, amount, cast(day as date) as day from (values
  (1, 'ant', 10, '2024-01-01'),
  (2, 'wasp', 25, '2024-01-02'),
  (3, 'cat', 30, '2024-01-02'),
  (5, 'eel', 50, '2024-01-05')
) as t (id, name, amount, day);

create table "awsdatacatalog"."SCHEMA"."appends_hive__dbt_tmp"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/appends_hive__dbt_tmp/UUID',
      format='parquet'
    )
    as
select id, name, 1 as added from "awsdatacatalog"."SCHEMA"."changing" where id > 3;

alter table `SCHEMA`.`appends_hive`
          add columns (`added` int);

insert into "awsdatacatalog"."SCHEMA"."appends_hive" ("id", "name", "added")
              (
                 select "id", "name", "added"
                 from "awsdatacatalog"."SCHEMA"."appends_hive__dbt_tmp"
              );

SELECT '{"rowcount":1,"data_scanned_in_bytes":N}';

create table "awsdatacatalog"."SCHEMA"."appends_iceberg__dbt_tmp"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/appends_iceberg__dbt_tmp/UUID',
      format='parquet'
    )
    as
select id, name, 1 as added from "awsdatacatalog"."SCHEMA"."changing" where id > 3;

alter table `SCHEMA`.`appends_iceberg`
          add columns (`added` int);

insert into "awsdatacatalog"."SCHEMA"."appends_iceberg" ("id", "name", "added")
              (
                 select "id", "name", "added"
                 from "awsdatacatalog"."SCHEMA"."appends_iceberg__dbt_tmp"
              );

SELECT '{"rowcount":1,"data_scanned_in_bytes":N}';

create table "awsdatacatalog"."SCHEMA"."fails__dbt_tmp"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/fails__dbt_tmp/UUID',
      format='parquet'
    )
    as
select id, name, 1 as added from "awsdatacatalog"."SCHEMA"."changing" where id > 3;

create table "awsdatacatalog"."SCHEMA"."ignores__dbt_tmp"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/ignores__dbt_tmp/UUID',
      format='parquet'
    )
    as
select id, name, 1 as added from "awsdatacatalog"."SCHEMA"."changing";

insert into "awsdatacatalog"."SCHEMA"."ignores" ("id", "name")
              (
                 select "id", "name"
                 from "awsdatacatalog"."SCHEMA"."ignores__dbt_tmp"
              );

SELECT '{"rowcount":4,"data_scanned_in_bytes":N}';

create table "awsdatacatalog"."SCHEMA"."merges_iceberg__dbt_tmp"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/merges_iceberg__dbt_tmp/UUID',
      format='parquet'
    )
    as
select id, name, 1 as added from "awsdatacatalog"."SCHEMA"."changing" where id > 3;

alter table `SCHEMA`.`merges_iceberg`
          add columns (`added` int);

merge into "awsdatacatalog"."SCHEMA"."merges_iceberg" as target using "awsdatacatalog"."SCHEMA"."merges_iceberg__dbt_tmp" as src
          on (target.id = src.id
      )
      when matched
          then update set"name" = src."name","added" = src."added"
      when not matched
        then insert ("id", "name", "added")
         values (src."id", src."name", src."added");

SELECT '{"rowcount":1,"data_scanned_in_bytes":N}';

create table "awsdatacatalog"."SCHEMA"."syncs_iceberg__dbt_tmp"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/syncs_iceberg__dbt_tmp/UUID',
      format='parquet'
    )
    as
select id, name, 1 as added from "awsdatacatalog"."SCHEMA"."changing" where id > 3;

alter table `SCHEMA`.`syncs_iceberg`
          add columns (`added` int);

alter table `SCHEMA`.`syncs_iceberg` drop column `amount`;

insert into "awsdatacatalog"."SCHEMA"."syncs_iceberg" ("id", "name", "added")
              (
                 select "id", "name", "added"
                 from "awsdatacatalog"."SCHEMA"."syncs_iceberg__dbt_tmp"
              );

SELECT '{"rowcount":1,"data_scanned_in_bytes":N}';

