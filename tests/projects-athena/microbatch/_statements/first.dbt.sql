create table "awsdatacatalog"."SCHEMA"."events"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/events/UUID',
      format='parquet'
    )
    as
select id, cast(at as timestamp(6)) as at, cast(kind as varchar) as kind from (values
  (1, '2024-03-01 10:00:00', 'a'), (2, '2025-03-01 10:00:00', 'b'), (3, 'NOW', 'c')
) as t (id, at, kind);

SELECT '{"rowcount":3,"data_scanned_in_bytes":N}';

create table "awsdatacatalog"."SCHEMA"."on_hive"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/on_hive/UUID',
      partitioned_by=ARRAY['year'],
      format='parquet'
    )
    as
select id, kind, cast(at as timestamp(3)) as at, year(at) as year from (select * from "awsdatacatalog"."SCHEMA"."events" where cast(at as timestamp) >= timestamp '2024-01-01 00:00:00+00:00' and cast(at as timestamp) < timestamp '2025-01-01 00:00:00+00:00');

select '{"rowcount":1,"data_scanned_in_bytes":N}';

alter table `SCHEMA`.`on_hive` set tblproperties ('classification' = 'parquet');

create table "awsdatacatalog"."SCHEMA"."on_hive__dbt_tmp"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/on_hive__dbt_tmp/UUID',
      format='parquet'
    )
    as
select id, kind, cast(at as timestamp(3)) as at, year(at) as year from (select * from "awsdatacatalog"."SCHEMA"."events" where cast(at as timestamp) >= timestamp '2025-01-01 00:00:00+00:00' and cast(at as timestamp) < timestamp 'NOW+00:00');

select distinct year from "awsdatacatalog"."SCHEMA"."on_hive__dbt_tmp";

insert into "awsdatacatalog"."SCHEMA"."on_hive" ("id", "kind", "at", "year")
              (
                 select "id", "kind", "at", "year"
                 from "awsdatacatalog"."SCHEMA"."on_hive__dbt_tmp"
              );

SELECT '{"rowcount":1,"data_scanned_in_bytes":N}';

create table "awsdatacatalog"."SCHEMA"."on_hive__dbt_tmp"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/on_hive__dbt_tmp/UUID',
      format='parquet'
    )
    as
select id, kind, cast(at as timestamp(3)) as at, year(at) as year from (select * from "awsdatacatalog"."SCHEMA"."events" where cast(at as timestamp) >= timestamp 'NOW+00:00' and cast(at as timestamp) < timestamp 'NOW+00:00');

select distinct year from "awsdatacatalog"."SCHEMA"."on_hive__dbt_tmp";

insert into "awsdatacatalog"."SCHEMA"."on_hive" ("id", "kind", "at", "year")
              (
                 select "id", "kind", "at", "year"
                 from "awsdatacatalog"."SCHEMA"."on_hive__dbt_tmp"
              );

SELECT '{"rowcount":1,"data_scanned_in_bytes":N}';

create table "awsdatacatalog"."SCHEMA"."on_iceberg"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/on_iceberg/UUID',
      format='parquet'
    )
    as
select id, kind, at from (select * from "awsdatacatalog"."SCHEMA"."events" where cast(at as timestamp) >= timestamp '2024-01-01 00:00:00+00:00' and cast(at as timestamp) < timestamp '2025-01-01 00:00:00+00:00');

select '{"rowcount":1,"data_scanned_in_bytes":N}';

create table "awsdatacatalog"."SCHEMA"."on_iceberg__dbt_tmp"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/on_iceberg__dbt_tmp/UUID',
      format='parquet'
    )
    as
select id, kind, at from (select * from "awsdatacatalog"."SCHEMA"."events" where cast(at as timestamp) >= timestamp '2025-01-01 00:00:00+00:00' and cast(at as timestamp) < timestamp 'NOW+00:00');

merge into "awsdatacatalog"."SCHEMA"."on_iceberg" as target using "awsdatacatalog"."SCHEMA"."on_iceberg__dbt_tmp" as src
          on (target.id = src.id
      )
      when matched
          then update set"kind" = src."kind","at" = src."at"
      when not matched
        then insert ("id", "kind", "at")
         values (src."id", src."kind", src."at");

SELECT '{"rowcount":1,"data_scanned_in_bytes":N}';

create table "awsdatacatalog"."SCHEMA"."on_iceberg__dbt_tmp"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/on_iceberg__dbt_tmp/UUID',
      format='parquet'
    )
    as
select id, kind, at from (select * from "awsdatacatalog"."SCHEMA"."events" where cast(at as timestamp) >= timestamp 'NOW+00:00' and cast(at as timestamp) < timestamp 'NOW+00:00');

merge into "awsdatacatalog"."SCHEMA"."on_iceberg" as target using "awsdatacatalog"."SCHEMA"."on_iceberg__dbt_tmp" as src
          on (target.id = src.id
      )
      when matched
          then update set"kind" = src."kind","at" = src."at"
      when not matched
        then insert ("id", "kind", "at")
         values (src."id", src."kind", src."at");

SELECT '{"rowcount":1,"data_scanned_in_bytes":N}';

