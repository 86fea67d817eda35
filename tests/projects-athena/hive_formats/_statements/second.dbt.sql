create or replace view
    "awsdatacatalog"."SCHEMA"."animals"
  as
select id, cast(name as varchar) as name, amount, day from (values
  (1, 'ant', cast(1.50 as decimal(10, 2)), date '2024-01-01'),
  (2, 'bee', cast(2.50 as decimal(10, 2)), date '2024-01-02'),
  (3, 'cat', cast(3.50 as decimal(10, 2)), date '2024-01-02'),
  (4, cast(null as varchar), cast(null as decimal(10, 2)), date '2024-02-03')
) as t (id, name, amount, day);

create table "awsdatacatalog"."SCHEMA"."as_avro"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/as_avro/UUID',
      format='avro'
    )
    as
select id, name, cast(amount as double) as amount from "awsdatacatalog"."SCHEMA"."animals";

alter table `SCHEMA`.`as_avro` set tblproperties ('classification' = 'avro');

SELECT '{"rowcount":4,"data_scanned_in_bytes":N}';

create table "awsdatacatalog"."SCHEMA"."as_json"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/as_json/UUID',
      format='json'
    )
    as
select id, name, cast(amount as double) as amount from "awsdatacatalog"."SCHEMA"."animals";

alter table `SCHEMA`.`as_json` set tblproperties ('classification' = 'json');

SELECT '{"rowcount":4,"data_scanned_in_bytes":N}';

create table "awsdatacatalog"."SCHEMA"."as_orc"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/as_orc/UUID',
      format='orc'
    )
    as
select id, name, cast(amount as double) as amount from "awsdatacatalog"."SCHEMA"."animals";

alter table `SCHEMA`.`as_orc` set tblproperties ('classification' = 'orc');

SELECT '{"rowcount":4,"data_scanned_in_bytes":N}';

create table "awsdatacatalog"."SCHEMA"."as_parquet"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/as_parquet/UUID',
      format='parquet'
    )
    as
select id, name, cast(amount as double) as amount from "awsdatacatalog"."SCHEMA"."animals";

alter table `SCHEMA`.`as_parquet` set tblproperties ('classification' = 'parquet');

SELECT '{"rowcount":4,"data_scanned_in_bytes":N}';

create table "awsdatacatalog"."SCHEMA"."as_textfile"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/as_textfile/UUID',
      format='textfile'
    )
    as
select id, name, cast(amount as double) as amount from "awsdatacatalog"."SCHEMA"."animals";

alter table `SCHEMA`.`as_textfile` set tblproperties ('classification' = 'textfile');

SELECT '{"rowcount":4,"data_scanned_in_bytes":N}';

create table "awsdatacatalog"."SCHEMA"."semicolons"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/semicolons/UUID',
      field_delimiter=';',
      format='textfile'
    )
    as
select id, name from "awsdatacatalog"."SCHEMA"."animals" where name is not null;

alter table `SCHEMA`.`semicolons` set tblproperties ('classification' = 'textfile');

SELECT '{"rowcount":3,"data_scanned_in_bytes":N}';

create table "awsdatacatalog"."SCHEMA"."zstd"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/zstd/UUID',
      write_compression='zstd',
      format='parquet'
    )
    as
select * from "awsdatacatalog"."SCHEMA"."animals";

alter table `SCHEMA`.`zstd` set tblproperties ('classification' = 'parquet');

SELECT '{"rowcount":4,"data_scanned_in_bytes":N}';

