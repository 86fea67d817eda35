create or replace view
    "awsdatacatalog"."SCHEMA"."animals"
  as
select id, cast(name as varchar) as name, amount, day from (values
  (1, 'ant', cast(1.50 as decimal(10, 2)), date '2024-01-01'),
  (2, 'bee', cast(2.50 as decimal(10, 2)), date '2024-01-02'),
  (3, 'cat', cast(3.50 as decimal(10, 2)), date '2024-01-02'),
  (4, cast(null as varchar), cast(null as decimal(10, 2)), date '2024-02-03')
) as t (id, name, amount, day);

create table "awsdatacatalog"."SCHEMA"."both"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/both/UUID',
      partitioned_by=ARRAY['day'],
      bucketed_by=ARRAY['id'],
      bucket_count=2,
      format='parquet'
    )
    as
select id, name, day from "awsdatacatalog"."SCHEMA"."animals";

alter table `SCHEMA`.`both` set tblproperties ('classification' = 'parquet');

SELECT '{"rowcount":4,"data_scanned_in_bytes":N}';

create table "awsdatacatalog"."SCHEMA"."buckets"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/buckets/UUID',
      bucketed_by=ARRAY['id'],
      bucket_count=4,
      format='parquet'
    )
    as
select id, name, day from "awsdatacatalog"."SCHEMA"."animals";

alter table `SCHEMA`.`buckets` set tblproperties ('classification' = 'parquet');

SELECT '{"rowcount":4,"data_scanned_in_bytes":N}';

create table "awsdatacatalog"."SCHEMA"."by_day"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/by_day/UUID',
      partitioned_by=ARRAY['day'],
      format='parquet'
    )
    as
select id, name, amount, day from "awsdatacatalog"."SCHEMA"."animals";

alter table `SCHEMA`.`by_day` set tblproperties ('classification' = 'parquet');

SELECT '{"rowcount":4,"data_scanned_in_bytes":N}';

create table "awsdatacatalog"."SCHEMA"."by_two"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/by_two/UUID',
      partitioned_by=ARRAY['month', 'name'],
      format='parquet'
    )
    as
select id, amount, date_format(day, '%Y-%m') as month, name from "awsdatacatalog"."SCHEMA"."animals" where name is not null;

alter table `SCHEMA`.`by_two` set tblproperties ('classification' = 'parquet');

SELECT '{"rowcount":3,"data_scanned_in_bytes":N}';

