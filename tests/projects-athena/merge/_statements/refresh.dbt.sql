create or replace view
    "awsdatacatalog"."SCHEMA"."changing"
  as
select id, cast(name as varchar) as name, amount, cast(day as date) as day from (values
  (1, 'ant', 10, '2024-01-01'),
  (2, 'wasp', 25, '2024-01-02'),
  (3, 'cat', 30, '2024-01-02'),
  (5, 'eel', 50, '2024-01-05')
) as t (id, name, amount, day);

create table "awsdatacatalog"."SCHEMA"."but_columns__dbt_tmp"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/but_columns/UUID',
      format='parquet'
    )
    as
select id, name, amount, day from "awsdatacatalog"."SCHEMA"."changing";

alter table `SCHEMA`.`but_columns` rename to `SCHEMA`.`but_columns__bkp`;

alter table `SCHEMA`.`but_columns__dbt_tmp` rename to `SCHEMA`.`but_columns`;

select '{"rowcount":4,"data_scanned_in_bytes":N}';

create table "awsdatacatalog"."SCHEMA"."by_id__dbt_tmp"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/by_id/UUID',
      format='parquet'
    )
    as
select id, name, amount, day from "awsdatacatalog"."SCHEMA"."changing";

alter table `SCHEMA`.`by_id` rename to `SCHEMA`.`by_id__bkp`;

alter table `SCHEMA`.`by_id__dbt_tmp` rename to `SCHEMA`.`by_id`;

select '{"rowcount":4,"data_scanned_in_bytes":N}';

create table "awsdatacatalog"."SCHEMA"."by_two__dbt_tmp"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/by_two/UUID',
      format='parquet'
    )
    as
select id, day, name, amount from "awsdatacatalog"."SCHEMA"."changing";

alter table `SCHEMA`.`by_two` rename to `SCHEMA`.`by_two__bkp`;

alter table `SCHEMA`.`by_two__dbt_tmp` rename to `SCHEMA`.`by_two`;

select '{"rowcount":4,"data_scanned_in_bytes":N}';

create table "awsdatacatalog"."SCHEMA"."some_columns__dbt_tmp"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/some_columns/UUID',
      format='parquet'
    )
    as
select id, name, amount, day from "awsdatacatalog"."SCHEMA"."changing";

alter table `SCHEMA`.`some_columns` rename to `SCHEMA`.`some_columns__bkp`;

alter table `SCHEMA`.`some_columns__dbt_tmp` rename to `SCHEMA`.`some_columns`;

select '{"rowcount":4,"data_scanned_in_bytes":N}';

create table "awsdatacatalog"."SCHEMA"."with_predicates__dbt_tmp"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/with_predicates/UUID',
      partitioning=ARRAY['day'],
      format='parquet'
    )
    as
select id, name, amount, day from "awsdatacatalog"."SCHEMA"."changing";

alter table `SCHEMA`.`with_predicates` rename to `SCHEMA`.`with_predicates__bkp`;

alter table `SCHEMA`.`with_predicates__dbt_tmp` rename to `SCHEMA`.`with_predicates`;

select '{"rowcount":4,"data_scanned_in_bytes":N}';

