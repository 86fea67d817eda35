create or replace view
    "awsdatacatalog"."SCHEMA"."changing"
  as
select id, cast(name as varchar) as name, amount, cast(day as date) as day from (values
  (1, 'ant', 10, '2024-01-01'),
  (2, 'bee', 20, '2024-01-02'),
  (3, 'cat', 30, '2024-01-02')
) as t (id, name, amount, day);

create table "awsdatacatalog"."SCHEMA"."but_columns"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/but_columns/UUID',
      format='parquet'
    )
    as
select id, name, amount, day from "awsdatacatalog"."SCHEMA"."changing";

select '{"rowcount":3,"data_scanned_in_bytes":N}';

create table "awsdatacatalog"."SCHEMA"."by_id"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/by_id/UUID',
      format='parquet'
    )
    as
select id, name, amount, day from "awsdatacatalog"."SCHEMA"."changing";

select '{"rowcount":3,"data_scanned_in_bytes":N}';

create table "awsdatacatalog"."SCHEMA"."by_two"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/by_two/UUID',
      format='parquet'
    )
    as
select id, day, name, amount from "awsdatacatalog"."SCHEMA"."changing";

select '{"rowcount":3,"data_scanned_in_bytes":N}';

create table "awsdatacatalog"."SCHEMA"."some_columns"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/some_columns/UUID',
      format='parquet'
    )
    as
select id, name, amount, day from "awsdatacatalog"."SCHEMA"."changing";

select '{"rowcount":3,"data_scanned_in_bytes":N}';

create table "awsdatacatalog"."SCHEMA"."with_predicates"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/with_predicates/UUID',
      partitioning=ARRAY['day'],
      format='parquet'
    )
    as
select id, name, amount, day from "awsdatacatalog"."SCHEMA"."changing";

select '{"rowcount":3,"data_scanned_in_bytes":N}';

