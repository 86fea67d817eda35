create or replace view
    "awsdatacatalog"."SCHEMA"."animals"
  as
select id, cast(name as varchar) as name, amount, day from (values
  (1, 'ant', cast(1.50 as decimal(10, 2)), date '2024-01-01'),
  (2, 'bee', cast(2.50 as decimal(10, 2)), date '2024-01-02'),
  (3, 'cat', cast(3.50 as decimal(10, 2)), date '2024-01-02'),
  (4, cast(null as varchar), cast(null as decimal(10, 2)), date '2024-02-03')
) as t (id, name, amount, day);

create table "awsdatacatalog"."SCHEMA"."told_by_day"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/told_by_day/UUID',
      partitioned_by=ARRAY['day'],
      format='parquet'
    )
    as
select id, name, day from "awsdatacatalog"."SCHEMA"."animals";

alter table `SCHEMA`.`told_by_day` set tblproperties ('classification' = 'parquet');

SELECT '{"rowcount":4,"data_scanned_in_bytes":N}';

create table "awsdatacatalog"."SCHEMA"."told_hive"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/told_hive/UUID',
      format='parquet'
    )
    as
select id, name, day from "awsdatacatalog"."SCHEMA"."animals";

alter table `SCHEMA`.`told_hive` set tblproperties ('classification' = 'parquet');

SELECT '{"rowcount":4,"data_scanned_in_bytes":N}';

create table "awsdatacatalog"."SCHEMA"."told_iceberg__ha"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/told_iceberg/UUID',
      format='parquet'
    )
    as
select id, name, day from "awsdatacatalog"."SCHEMA"."animals";

alter table `SCHEMA`.`told_iceberg` rename to `SCHEMA`.`told_iceberg__bkp`;

alter table `SCHEMA`.`told_iceberg__ha` rename to `SCHEMA`.`told_iceberg`;

SELECT '{"rowcount":4,"data_scanned_in_bytes":N}';

create or replace view
    "awsdatacatalog"."SCHEMA"."told_view"
  as
    select id, name from "awsdatacatalog"."SCHEMA"."animals";

