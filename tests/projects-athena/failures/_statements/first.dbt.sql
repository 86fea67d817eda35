create or replace view
    "awsdatacatalog"."SCHEMA"."animals"
  as
select id, cast(name as varchar) as name, amount, day from (values
  (1, 'ant', cast(1.50 as decimal(10, 2)), date '2024-01-01'),
  (2, 'bee', cast(2.50 as decimal(10, 2)), date '2024-01-02'),
  (3, 'cat', cast(3.50 as decimal(10, 2)), date '2024-01-02'),
  (4, cast(null as varchar), cast(null as decimal(10, 2)), date '2024-02-03')
) as t (id, name, amount, day);

create table "awsdatacatalog"."SCHEMA"."bad"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/bad/UUID',
      format='parquet'
    )
    as
select no_such_column from "awsdatacatalog"."SCHEMA"."animals";
-- FAILED

create table "awsdatacatalog"."SCHEMA"."bad_later"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/bad_later/UUID',
      format='parquet'
    )
    as
select 1 / (id - id) as n from "awsdatacatalog"."SCHEMA"."animals";
-- FAILED

create table "awsdatacatalog"."SCHEMA"."fine"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/fine/UUID',
      format='parquet'
    )
    as
select * from "awsdatacatalog"."SCHEMA"."animals";

alter table `SCHEMA`.`fine` set tblproperties ('classification' = 'parquet');

SELECT '{"rowcount":4,"data_scanned_in_bytes":N}';

