create or replace view
    "awsdatacatalog"."SCHEMA"."animals"
  as
select id, cast(name as varchar) as name, amount, day from (values
  (1, 'ant', cast(1.50 as decimal(10, 2)), date '2024-01-01'),
  (2, 'bee', cast(2.50 as decimal(10, 2)), date '2024-01-02'),
  (3, 'cat', cast(3.50 as decimal(10, 2)), date '2024-01-02'),
  (4, cast(null as varchar), cast(null as decimal(10, 2)), date '2024-02-03')
) as t (id, name, amount, day);

create table "awsdatacatalog"."SCHEMA"."hive"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/hive/UUID',
      format='parquet'
    )
    as
select id, name, amount, day from "awsdatacatalog"."SCHEMA"."animals" where id > 100;

alter table `SCHEMA`.`hive` set tblproperties ('classification' = 'parquet');

SELECT '{"rowcount":0,"data_scanned_in_bytes":N}';

create table "awsdatacatalog"."SCHEMA"."hive_by_day"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/hive_by_day/UUID',
      partitioned_by=ARRAY['day'],
      format='parquet'
    )
    as
select id, name, amount, day from "awsdatacatalog"."SCHEMA"."animals" where id > 100;

alter table `SCHEMA`.`hive_by_day` set tblproperties ('classification' = 'parquet');

SELECT '{"rowcount":0,"data_scanned_in_bytes":N}';

create table "awsdatacatalog"."SCHEMA"."in_iceberg__ha"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/in_iceberg/UUID',
      partitioning=ARRAY['day'],
      format='parquet'
    )
    as
select id, name, amount, day from "awsdatacatalog"."SCHEMA"."animals" where id > 100;

alter table `SCHEMA`.`in_iceberg` rename to `SCHEMA`.`in_iceberg__bkp`;

alter table `SCHEMA`.`in_iceberg__ha` rename to `SCHEMA`.`in_iceberg`;

SELECT '{"rowcount":0,"data_scanned_in_bytes":N}';

create table "awsdatacatalog"."SCHEMA"."nothing_new"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/nothing_new/UUID',
      partitioned_by=ARRAY['day'],
      format='parquet'
    )
    as
select id, day from "awsdatacatalog"."SCHEMA"."animals";

select '{"rowcount":4,"data_scanned_in_bytes":N}';

alter table `SCHEMA`.`nothing_new` set tblproperties ('classification' = 'parquet');

create table "awsdatacatalog"."SCHEMA"."nothing_to_merge__dbt_tmp"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/nothing_to_merge/UUID',
      format='parquet'
    )
    as
select id, day from "awsdatacatalog"."SCHEMA"."animals";

alter table `SCHEMA`.`nothing_to_merge` rename to `SCHEMA`.`nothing_to_merge__bkp`;

alter table `SCHEMA`.`nothing_to_merge__dbt_tmp` rename to `SCHEMA`.`nothing_to_merge`;

select '{"rowcount":4,"data_scanned_in_bytes":N}';

