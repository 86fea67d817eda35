create table "awsdatacatalog"."SCHEMA"."forced_hive__tmp_not_partitioned"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/forced_hive__tmp_not_partitioned/UUID',
      format='parquet'
    )
    as
select cast(n as integer) as id, date_add('day', n, date '2024-01-01') as day from unnest(sequence(1, 130)) as t (n);

select distinct day from "awsdatacatalog"."SCHEMA"."forced_hive__tmp_not_partitioned" order by day;

create table "awsdatacatalog"."SCHEMA"."forced_hive"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/forced_hive/UUID',
      partitioned_by=ARRAY['day'],
      format='parquet'
    )
    as
      select "id", "day"
                from "awsdatacatalog"."SCHEMA"."forced_hive__tmp_not_partitioned"
                where day=DATE'2024-01-02' or day=DATE'2024-01-03' or day=DATE'2024-01-04' or day=DATE'2024-01-05' or day=DATE'2024-01-06' or day=DATE'2024-01-07' or day=DATE'2024-01-08' or day=DATE'2024-01-09' or day=DATE'2024-01-10' or day=DATE'2024-01-11' or day=DATE'2024-01-12' or day=DATE'2024-01-13' or day=DATE'2024-01-14' or day=DATE'2024-01-15' or day=DATE'2024-01-16' or day=DATE'2024-01-17' or day=DATE'2024-01-18' or day=DATE'2024-01-19' or day=DATE'2024-01-20' or day=DATE'2024-01-21' or day=DATE'2024-01-22' or day=DATE'2024-01-23' or day=DATE'2024-01-24' or day=DATE'2024-01-25' or day=DATE'2024-01-26' or day=DATE'2024-01-27' or day=DATE'2024-01-28' or day=DATE'2024-01-29' or day=DATE'2024-01-30' or day=DATE'2024-01-31' or day=DATE'2024-02-01' or day=DATE'2024-02-02' or day=DATE'2024-02-03' or day=DATE'2024-02-04' or day=DATE'2024-02-05' or day=DATE'2024-02-06' or day=DATE'2024-02-07' or day=DATE'2024-02-08' or day=DATE'2024-02-09' or day=DATE'2024-02-10' or day=DATE'2024-02-11' or day=DATE'2024-02-12' or day=DATE'2024-02-13' or day=DATE'2024-02-14' or day=DATE'2024-02-15' or day=DATE'2024-02-16' or day=DATE'2024-02-17' or day=DATE'2024-02-18' or day=DATE'2024-02-19' or day=DATE'2024-02-20' or day=DATE'2024-02-21' or day=DATE'2024-02-22' or day=DATE'2024-02-23' or day=DATE'2024-02-24' or day=DATE'2024-02-25' or day=DATE'2024-02-26' or day=DATE'2024-02-27' or day=DATE'2024-02-28' or day=DATE'2024-02-29' or day=DATE'2024-03-01' or day=DATE'2024-03-02' or day=DATE'2024-03-03' or day=DATE'2024-03-04' or day=DATE'2024-03-05' or day=DATE'2024-03-06' or day=DATE'2024-03-07' or day=DATE'2024-03-08' or day=DATE'2024-03-09' or day=DATE'2024-03-10' or day=DATE'2024-03-11' or day=DATE'2024-03-12' or day=DATE'2024-03-13' or day=DATE'2024-03-14' or day=DATE'2024-03-15' or day=DATE'2024-03-16' or day=DATE'2024-03-17' or day=DATE'2024-03-18' or day=DATE'2024-03-19' or day=DATE'2024-03-20' or day=DATE'2024-03-21' or day=DATE'2024-03-22' or day=DATE'2024-03-23' or day=DATE'2024-03-24' or day=DATE'2024-03-25' or day=DATE'2024-03-26' or day=DATE'2024-03-27' or day=DATE'2024-03-28' or day=DATE'2024-03-29' or day=DATE'2024-03-30' or day=DATE'2024-03-31' or day=DATE'2024-04-01' or day=DATE'2024-04-02' or day=DATE'2024-04-03' or day=DATE'2024-04-04' or day=DATE'2024-04-05' or day=DATE'2024-04-06' or day=DATE'2024-04-07' or day=DATE'2024-04-08' or day=DATE'2024-04-09' or day=DATE'2024-04-10';

insert into "awsdatacatalog"."SCHEMA"."forced_hive" ("id", "day")
                select "id", "day"
                from "awsdatacatalog"."SCHEMA"."forced_hive__tmp_not_partitioned"
                where day=DATE'2024-04-11' or day=DATE'2024-04-12' or day=DATE'2024-04-13' or day=DATE'2024-04-14' or day=DATE'2024-04-15' or day=DATE'2024-04-16' or day=DATE'2024-04-17' or day=DATE'2024-04-18' or day=DATE'2024-04-19' or day=DATE'2024-04-20' or day=DATE'2024-04-21' or day=DATE'2024-04-22' or day=DATE'2024-04-23' or day=DATE'2024-04-24' or day=DATE'2024-04-25' or day=DATE'2024-04-26' or day=DATE'2024-04-27' or day=DATE'2024-04-28' or day=DATE'2024-04-29' or day=DATE'2024-04-30' or day=DATE'2024-05-01' or day=DATE'2024-05-02' or day=DATE'2024-05-03' or day=DATE'2024-05-04' or day=DATE'2024-05-05' or day=DATE'2024-05-06' or day=DATE'2024-05-07' or day=DATE'2024-05-08' or day=DATE'2024-05-09' or day=DATE'2024-05-10';

alter table `SCHEMA`.`forced_hive` set tblproperties ('classification' = 'parquet');

SELECT '';

create table "awsdatacatalog"."SCHEMA"."forced_iceberg__tmp_not_partitioned"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/forced_iceberg__tmp_not_partitioned/UUID',
      format='parquet'
    )
    as
select cast(n as integer) as id, date_add('day', n, date '2024-01-01') as day from unnest(sequence(1, 130)) as t (n);

select distinct day from "awsdatacatalog"."SCHEMA"."forced_iceberg__tmp_not_partitioned" order by day;

create table "awsdatacatalog"."SCHEMA"."forced_iceberg"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/forced_iceberg/UUID',
      partitioning=ARRAY['day'],
      format='parquet'
    )
    as
      select "id", "day"
                from "awsdatacatalog"."SCHEMA"."forced_iceberg__tmp_not_partitioned"
                where day=DATE'2024-01-02' or day=DATE'2024-01-03' or day=DATE'2024-01-04' or day=DATE'2024-01-05' or day=DATE'2024-01-06' or day=DATE'2024-01-07' or day=DATE'2024-01-08' or day=DATE'2024-01-09' or day=DATE'2024-01-10' or day=DATE'2024-01-11' or day=DATE'2024-01-12' or day=DATE'2024-01-13' or day=DATE'2024-01-14' or day=DATE'2024-01-15' or day=DATE'2024-01-16' or day=DATE'2024-01-17' or day=DATE'2024-01-18' or day=DATE'2024-01-19' or day=DATE'2024-01-20' or day=DATE'2024-01-21' or day=DATE'2024-01-22' or day=DATE'2024-01-23' or day=DATE'2024-01-24' or day=DATE'2024-01-25' or day=DATE'2024-01-26' or day=DATE'2024-01-27' or day=DATE'2024-01-28' or day=DATE'2024-01-29' or day=DATE'2024-01-30' or day=DATE'2024-01-31' or day=DATE'2024-02-01' or day=DATE'2024-02-02' or day=DATE'2024-02-03' or day=DATE'2024-02-04' or day=DATE'2024-02-05' or day=DATE'2024-02-06' or day=DATE'2024-02-07' or day=DATE'2024-02-08' or day=DATE'2024-02-09' or day=DATE'2024-02-10' or day=DATE'2024-02-11' or day=DATE'2024-02-12' or day=DATE'2024-02-13' or day=DATE'2024-02-14' or day=DATE'2024-02-15' or day=DATE'2024-02-16' or day=DATE'2024-02-17' or day=DATE'2024-02-18' or day=DATE'2024-02-19' or day=DATE'2024-02-20' or day=DATE'2024-02-21' or day=DATE'2024-02-22' or day=DATE'2024-02-23' or day=DATE'2024-02-24' or day=DATE'2024-02-25' or day=DATE'2024-02-26' or day=DATE'2024-02-27' or day=DATE'2024-02-28' or day=DATE'2024-02-29' or day=DATE'2024-03-01';

insert into "awsdatacatalog"."SCHEMA"."forced_iceberg" ("id", "day")
                select "id", "day"
                from "awsdatacatalog"."SCHEMA"."forced_iceberg__tmp_not_partitioned"
                where day=DATE'2024-03-02' or day=DATE'2024-03-03' or day=DATE'2024-03-04' or day=DATE'2024-03-05' or day=DATE'2024-03-06' or day=DATE'2024-03-07' or day=DATE'2024-03-08' or day=DATE'2024-03-09' or day=DATE'2024-03-10' or day=DATE'2024-03-11' or day=DATE'2024-03-12' or day=DATE'2024-03-13' or day=DATE'2024-03-14' or day=DATE'2024-03-15' or day=DATE'2024-03-16' or day=DATE'2024-03-17' or day=DATE'2024-03-18' or day=DATE'2024-03-19' or day=DATE'2024-03-20' or day=DATE'2024-03-21' or day=DATE'2024-03-22' or day=DATE'2024-03-23' or day=DATE'2024-03-24' or day=DATE'2024-03-25' or day=DATE'2024-03-26' or day=DATE'2024-03-27' or day=DATE'2024-03-28' or day=DATE'2024-03-29' or day=DATE'2024-03-30' or day=DATE'2024-03-31' or day=DATE'2024-04-01' or day=DATE'2024-04-02' or day=DATE'2024-04-03' or day=DATE'2024-04-04' or day=DATE'2024-04-05' or day=DATE'2024-04-06' or day=DATE'2024-04-07' or day=DATE'2024-04-08' or day=DATE'2024-04-09' or day=DATE'2024-04-10' or day=DATE'2024-04-11' or day=DATE'2024-04-12' or day=DATE'2024-04-13' or day=DATE'2024-04-14' or day=DATE'2024-04-15' or day=DATE'2024-04-16' or day=DATE'2024-04-17' or day=DATE'2024-04-18' or day=DATE'2024-04-19' or day=DATE'2024-04-20' or day=DATE'2024-04-21' or day=DATE'2024-04-22' or day=DATE'2024-04-23' or day=DATE'2024-04-24' or day=DATE'2024-04-25' or day=DATE'2024-04-26' or day=DATE'2024-04-27' or day=DATE'2024-04-28' or day=DATE'2024-04-29' or day=DATE'2024-04-30';

insert into "awsdatacatalog"."SCHEMA"."forced_iceberg" ("id", "day")
                select "id", "day"
                from "awsdatacatalog"."SCHEMA"."forced_iceberg__tmp_not_partitioned"
                where day=DATE'2024-05-01' or day=DATE'2024-05-02' or day=DATE'2024-05-03' or day=DATE'2024-05-04' or day=DATE'2024-05-05' or day=DATE'2024-05-06' or day=DATE'2024-05-07' or day=DATE'2024-05-08' or day=DATE'2024-05-09' or day=DATE'2024-05-10';

SELECT '';

create table "awsdatacatalog"."SCHEMA"."found_hive"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/found_hive/UUID',
      partitioned_by=ARRAY['day'],
      format='parquet'
    )
    as
select cast(n as integer) as id, date_add('day', n, date '2024-01-01') as day from unnest(sequence(1, 130)) as t (n);
-- FAILED

create table "awsdatacatalog"."SCHEMA"."found_hive__tmp_not_partitioned"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/found_hive__tmp_not_partitioned/UUID',
      format='parquet'
    )
    as
select cast(n as integer) as id, date_add('day', n, date '2024-01-01') as day from unnest(sequence(1, 130)) as t (n);

select distinct day from "awsdatacatalog"."SCHEMA"."found_hive__tmp_not_partitioned" order by day;

create table "awsdatacatalog"."SCHEMA"."found_hive"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/found_hive/UUID',
      partitioned_by=ARRAY['day'],
      format='parquet'
    )
    as
      select "id", "day"
                from "awsdatacatalog"."SCHEMA"."found_hive__tmp_not_partitioned"
                where day=DATE'2024-01-02' or day=DATE'2024-01-03' or day=DATE'2024-01-04' or day=DATE'2024-01-05' or day=DATE'2024-01-06' or day=DATE'2024-01-07' or day=DATE'2024-01-08' or day=DATE'2024-01-09' or day=DATE'2024-01-10' or day=DATE'2024-01-11' or day=DATE'2024-01-12' or day=DATE'2024-01-13' or day=DATE'2024-01-14' or day=DATE'2024-01-15' or day=DATE'2024-01-16' or day=DATE'2024-01-17' or day=DATE'2024-01-18' or day=DATE'2024-01-19' or day=DATE'2024-01-20' or day=DATE'2024-01-21' or day=DATE'2024-01-22' or day=DATE'2024-01-23' or day=DATE'2024-01-24' or day=DATE'2024-01-25' or day=DATE'2024-01-26' or day=DATE'2024-01-27' or day=DATE'2024-01-28' or day=DATE'2024-01-29' or day=DATE'2024-01-30' or day=DATE'2024-01-31' or day=DATE'2024-02-01' or day=DATE'2024-02-02' or day=DATE'2024-02-03' or day=DATE'2024-02-04' or day=DATE'2024-02-05' or day=DATE'2024-02-06' or day=DATE'2024-02-07' or day=DATE'2024-02-08' or day=DATE'2024-02-09' or day=DATE'2024-02-10' or day=DATE'2024-02-11' or day=DATE'2024-02-12' or day=DATE'2024-02-13' or day=DATE'2024-02-14' or day=DATE'2024-02-15' or day=DATE'2024-02-16' or day=DATE'2024-02-17' or day=DATE'2024-02-18' or day=DATE'2024-02-19' or day=DATE'2024-02-20' or day=DATE'2024-02-21' or day=DATE'2024-02-22' or day=DATE'2024-02-23' or day=DATE'2024-02-24' or day=DATE'2024-02-25' or day=DATE'2024-02-26' or day=DATE'2024-02-27' or day=DATE'2024-02-28' or day=DATE'2024-02-29' or day=DATE'2024-03-01' or day=DATE'2024-03-02' or day=DATE'2024-03-03' or day=DATE'2024-03-04' or day=DATE'2024-03-05' or day=DATE'2024-03-06' or day=DATE'2024-03-07' or day=DATE'2024-03-08' or day=DATE'2024-03-09' or day=DATE'2024-03-10' or day=DATE'2024-03-11' or day=DATE'2024-03-12' or day=DATE'2024-03-13' or day=DATE'2024-03-14' or day=DATE'2024-03-15' or day=DATE'2024-03-16' or day=DATE'2024-03-17' or day=DATE'2024-03-18' or day=DATE'2024-03-19' or day=DATE'2024-03-20' or day=DATE'2024-03-21' or day=DATE'2024-03-22' or day=DATE'2024-03-23' or day=DATE'2024-03-24' or day=DATE'2024-03-25' or day=DATE'2024-03-26' or day=DATE'2024-03-27' or day=DATE'2024-03-28' or day=DATE'2024-03-29' or day=DATE'2024-03-30' or day=DATE'2024-03-31' or day=DATE'2024-04-01' or day=DATE'2024-04-02' or day=DATE'2024-04-03' or day=DATE'2024-04-04' or day=DATE'2024-04-05' or day=DATE'2024-04-06' or day=DATE'2024-04-07' or day=DATE'2024-04-08' or day=DATE'2024-04-09' or day=DATE'2024-04-10';

insert into "awsdatacatalog"."SCHEMA"."found_hive" ("id", "day")
                select "id", "day"
                from "awsdatacatalog"."SCHEMA"."found_hive__tmp_not_partitioned"
                where day=DATE'2024-04-11' or day=DATE'2024-04-12' or day=DATE'2024-04-13' or day=DATE'2024-04-14' or day=DATE'2024-04-15' or day=DATE'2024-04-16' or day=DATE'2024-04-17' or day=DATE'2024-04-18' or day=DATE'2024-04-19' or day=DATE'2024-04-20' or day=DATE'2024-04-21' or day=DATE'2024-04-22' or day=DATE'2024-04-23' or day=DATE'2024-04-24' or day=DATE'2024-04-25' or day=DATE'2024-04-26' or day=DATE'2024-04-27' or day=DATE'2024-04-28' or day=DATE'2024-04-29' or day=DATE'2024-04-30' or day=DATE'2024-05-01' or day=DATE'2024-05-02' or day=DATE'2024-05-03' or day=DATE'2024-05-04' or day=DATE'2024-05-05' or day=DATE'2024-05-06' or day=DATE'2024-05-07' or day=DATE'2024-05-08' or day=DATE'2024-05-09' or day=DATE'2024-05-10';

alter table `SCHEMA`.`found_hive` set tblproperties ('classification' = 'parquet');

SELECT '"awsdatacatalog"."SCHEMA"."found_hive" with many partitions created';

create table "awsdatacatalog"."SCHEMA"."overwritten__tmp_not_partitioned"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/overwritten__tmp_not_partitioned/UUID',
      format='parquet'
    )
    as
select cast(n as integer) as id, date_add('day', n, date '2024-01-01') as day from unnest(sequence(1, 130)) as t (n);

select distinct day from "awsdatacatalog"."SCHEMA"."overwritten__tmp_not_partitioned" order by day;

create table "awsdatacatalog"."SCHEMA"."overwritten"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/overwritten/UUID',
      partitioned_by=ARRAY['day'],
      format='parquet'
    )
    as
      select "id", "day"
                from "awsdatacatalog"."SCHEMA"."overwritten__tmp_not_partitioned"
                where day=DATE'2024-01-02' or day=DATE'2024-01-03' or day=DATE'2024-01-04' or day=DATE'2024-01-05' or day=DATE'2024-01-06' or day=DATE'2024-01-07' or day=DATE'2024-01-08' or day=DATE'2024-01-09' or day=DATE'2024-01-10' or day=DATE'2024-01-11' or day=DATE'2024-01-12' or day=DATE'2024-01-13' or day=DATE'2024-01-14' or day=DATE'2024-01-15' or day=DATE'2024-01-16' or day=DATE'2024-01-17' or day=DATE'2024-01-18' or day=DATE'2024-01-19' or day=DATE'2024-01-20' or day=DATE'2024-01-21' or day=DATE'2024-01-22' or day=DATE'2024-01-23' or day=DATE'2024-01-24' or day=DATE'2024-01-25' or day=DATE'2024-01-26' or day=DATE'2024-01-27' or day=DATE'2024-01-28' or day=DATE'2024-01-29' or day=DATE'2024-01-30' or day=DATE'2024-01-31' or day=DATE'2024-02-01' or day=DATE'2024-02-02' or day=DATE'2024-02-03' or day=DATE'2024-02-04' or day=DATE'2024-02-05' or day=DATE'2024-02-06' or day=DATE'2024-02-07' or day=DATE'2024-02-08' or day=DATE'2024-02-09' or day=DATE'2024-02-10' or day=DATE'2024-02-11' or day=DATE'2024-02-12' or day=DATE'2024-02-13' or day=DATE'2024-02-14' or day=DATE'2024-02-15' or day=DATE'2024-02-16' or day=DATE'2024-02-17' or day=DATE'2024-02-18' or day=DATE'2024-02-19' or day=DATE'2024-02-20' or day=DATE'2024-02-21' or day=DATE'2024-02-22' or day=DATE'2024-02-23' or day=DATE'2024-02-24' or day=DATE'2024-02-25' or day=DATE'2024-02-26' or day=DATE'2024-02-27' or day=DATE'2024-02-28' or day=DATE'2024-02-29' or day=DATE'2024-03-01' or day=DATE'2024-03-02' or day=DATE'2024-03-03' or day=DATE'2024-03-04' or day=DATE'2024-03-05' or day=DATE'2024-03-06' or day=DATE'2024-03-07' or day=DATE'2024-03-08' or day=DATE'2024-03-09' or day=DATE'2024-03-10' or day=DATE'2024-03-11' or day=DATE'2024-03-12' or day=DATE'2024-03-13' or day=DATE'2024-03-14' or day=DATE'2024-03-15' or day=DATE'2024-03-16' or day=DATE'2024-03-17' or day=DATE'2024-03-18' or day=DATE'2024-03-19' or day=DATE'2024-03-20' or day=DATE'2024-03-21' or day=DATE'2024-03-22' or day=DATE'2024-03-23' or day=DATE'2024-03-24' or day=DATE'2024-03-25' or day=DATE'2024-03-26' or day=DATE'2024-03-27' or day=DATE'2024-03-28' or day=DATE'2024-03-29' or day=DATE'2024-03-30' or day=DATE'2024-03-31' or day=DATE'2024-04-01' or day=DATE'2024-04-02' or day=DATE'2024-04-03' or day=DATE'2024-04-04' or day=DATE'2024-04-05' or day=DATE'2024-04-06' or day=DATE'2024-04-07' or day=DATE'2024-04-08' or day=DATE'2024-04-09' or day=DATE'2024-04-10';

insert into "awsdatacatalog"."SCHEMA"."overwritten" ("id", "day")
                select "id", "day"
                from "awsdatacatalog"."SCHEMA"."overwritten__tmp_not_partitioned"
                where day=DATE'2024-04-11' or day=DATE'2024-04-12' or day=DATE'2024-04-13' or day=DATE'2024-04-14' or day=DATE'2024-04-15' or day=DATE'2024-04-16' or day=DATE'2024-04-17' or day=DATE'2024-04-18' or day=DATE'2024-04-19' or day=DATE'2024-04-20' or day=DATE'2024-04-21' or day=DATE'2024-04-22' or day=DATE'2024-04-23' or day=DATE'2024-04-24' or day=DATE'2024-04-25' or day=DATE'2024-04-26' or day=DATE'2024-04-27' or day=DATE'2024-04-28' or day=DATE'2024-04-29' or day=DATE'2024-04-30' or day=DATE'2024-05-01' or day=DATE'2024-05-02' or day=DATE'2024-05-03' or day=DATE'2024-05-04' or day=DATE'2024-05-05' or day=DATE'2024-05-06' or day=DATE'2024-05-07' or day=DATE'2024-05-08' or day=DATE'2024-05-09' or day=DATE'2024-05-10';

select '';

alter table `SCHEMA`.`overwritten` set tblproperties ('classification' = 'parquet');

