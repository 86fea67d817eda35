create table "awsdatacatalog"."SCHEMA"."source"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/source/UUID',
      format='parquet'
    )
    as
select id, cast(name as varchar) as name, amount, cast(changed as timestamp(6)) as changed from (values
  (1, 'ant', 10, '2024-01-01 00:00:00'),
  (2, 'bee', 20, '2024-01-01 00:00:00'), (3, 'cat', 30, '2024-01-01 00:00:00')
) as t (id, name, amount, changed);

SELECT '{"rowcount":3,"data_scanned_in_bytes":N}';

create table "awsdatacatalog"."SCHEMA"."hive_some"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/hive_some/UUID',
      format='parquet'
    )
    as
select *,
        to_hex(md5(to_utf8(coalesce(cast(id as varchar ), '')
         || '|' || coalesce(cast(
    cast(now() as timestamp)
 as varchar ), '')
        ))) as dbt_scd_id,
    cast(now() as timestamp)
 as dbt_updated_at,
    cast(now() as timestamp)
 as dbt_valid_from,
  coalesce(nullif(
    cast(now() as timestamp)
,
    cast(now() as timestamp)
), null)
  as dbt_valid_to
from (
select id, name, amount, cast(changed as timestamp(3)) as changed from "awsdatacatalog"."SCHEMA"."source"
    ) sbq;

create table "awsdatacatalog"."SCHEMA"."iceberg_all"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/iceberg_all/UUID',
      format='parquet'
    )
    as
select *,
        to_hex(md5(to_utf8(coalesce(cast(id as varchar ), '')
         || '|' || coalesce(cast(
    cast(now() as timestamp(6))
 as varchar ), '')
        ))) as dbt_scd_id,
    cast(now() as timestamp(6))
 as dbt_updated_at,
    cast(now() as timestamp(6))
 as dbt_valid_from,
  coalesce(nullif(
    cast(now() as timestamp(6))
,
    cast(now() as timestamp(6))
), null)
  as dbt_valid_to
from (
select id, name, amount, changed from "awsdatacatalog"."SCHEMA"."source"
    ) sbq;

create table "awsdatacatalog"."SCHEMA"."iceberg_some"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/iceberg_some/UUID',
      format='parquet'
    )
    as
select *,
        to_hex(md5(to_utf8(coalesce(cast(id as varchar ), '')
         || '|' || coalesce(cast(
    cast(now() as timestamp(6))
 as varchar ), '')
        ))) as dbt_scd_id,
    cast(now() as timestamp(6))
 as dbt_updated_at,
    cast(now() as timestamp(6))
 as dbt_valid_from,
  coalesce(nullif(
    cast(now() as timestamp(6))
,
    cast(now() as timestamp(6))
), null)
  as dbt_valid_to
from (
select id, name, amount, changed from "awsdatacatalog"."SCHEMA"."source"
    ) sbq;

