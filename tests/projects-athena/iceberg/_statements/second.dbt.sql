create or replace view
    "awsdatacatalog"."SCHEMA"."animals"
  as
select id, cast(name as varchar) as name, amount, day from (values
  (1, 'ant', cast(1.50 as decimal(10, 2)), date '2024-01-01'),
  (2, 'bee', cast(2.50 as decimal(10, 2)), date '2024-01-02'),
  (3, 'cat', cast(3.50 as decimal(10, 2)), date '2024-01-02'),
  (4, cast(null as varchar), cast(null as decimal(10, 2)), date '2024-02-03')
) as t (id, name, amount, day);

create table "awsdatacatalog"."SCHEMA"."by_name__ha"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/by_name/UUID',
      partitioning=ARRAY['name'],
      format='parquet'
    )
    as
select * from "awsdatacatalog"."SCHEMA"."animals";

alter table `SCHEMA`.`by_name` rename to `SCHEMA`.`by_name__bkp`;

alter table `SCHEMA`.`by_name__ha` rename to `SCHEMA`.`by_name`;

SELECT '{"rowcount":4,"data_scanned_in_bytes":N}';

create table "awsdatacatalog"."SCHEMA"."moments__ha"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/moments/UUID',
      partitioning=ARRAY['day(at)'],
      format='parquet'
    )
    as
select id, cast(day as timestamp(6)) + interval '1' hour as at from "awsdatacatalog"."SCHEMA"."animals";

alter table `SCHEMA`.`moments` rename to `SCHEMA`.`moments__bkp`;

alter table `SCHEMA`.`moments__ha` rename to `SCHEMA`.`moments`;

SELECT '{"rowcount":4,"data_scanned_in_bytes":N}';

create table "awsdatacatalog"."SCHEMA"."plain__ha"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/plain/UUID',
      format='parquet'
    )
    as
select * from "awsdatacatalog"."SCHEMA"."animals";

alter table `SCHEMA`.`plain` rename to `SCHEMA`.`plain__bkp`;

alter table `SCHEMA`.`plain__ha` rename to `SCHEMA`.`plain`;

SELECT '{"rowcount":4,"data_scanned_in_bytes":N}';

create table "awsdatacatalog"."SCHEMA"."transforms__ha"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/transforms/UUID',
      partitioning=ARRAY['month(day)', 'bucket(id, 4)', 'truncate(name, 1)'],
      format='parquet'
    )
    as
select id, name, amount, day from "awsdatacatalog"."SCHEMA"."animals";

alter table `SCHEMA`.`transforms` rename to `SCHEMA`.`transforms__bkp`;

alter table `SCHEMA`.`transforms__ha` rename to `SCHEMA`.`transforms`;

SELECT '{"rowcount":4,"data_scanned_in_bytes":N}';

create table "awsdatacatalog"."SCHEMA"."with_properties__ha"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/with_properties/UUID',
      format='orc',
      vacuum_min_snapshots_to_keep=3,
      optimize_rewrite_delete_file_threshold=2
    )
    as
select * from "awsdatacatalog"."SCHEMA"."animals";

alter table `SCHEMA`.`with_properties` rename to `SCHEMA`.`with_properties__bkp`;

alter table `SCHEMA`.`with_properties__ha` rename to `SCHEMA`.`with_properties`;

SELECT '{"rowcount":4,"data_scanned_in_bytes":N}';

