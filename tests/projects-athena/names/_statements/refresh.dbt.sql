create table "awsdatacatalog"."SCHEMA_extra"."renamed"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA_extra/renamed/UUID',
      format='parquet'
    )
    as
select 1 as id;

alter table `SCHEMA_extra`.`renamed` set tblproperties ('classification' = 'parquet');

SELECT '{"rowcount":1,"data_scanned_in_bytes":N}';

create table "awsdatacatalog"."SCHEMA"."order"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/order/UUID',
      format='parquet'
    )
    as
select id as "select", id as "table" from "awsdatacatalog"."SCHEMA_extra"."renamed";

alter table `SCHEMA`.`order` set tblproperties ('classification' = 'parquet');

SELECT '{"rowcount":1,"data_scanned_in_bytes":N}';

