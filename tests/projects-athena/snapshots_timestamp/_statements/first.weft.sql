create table "awsdatacatalog"."SCHEMA"."source__dbt_tmp"
with (
  table_type = 'iceberg',
  is_external = false,
  location = 's3://lake/SCHEMA/data/SCHEMA/source/UUID/',
  format = 'parquet'
)
as
select id, cast(name as varchar) as name, amount, cast(changed as timestamp(6)) as changed from (values
  (1, 'ant', 10, '2024-01-01 00:00:00'),
  (2, 'bee', 20, '2024-01-01 00:00:00'), (3, 'cat', 30, '2024-01-01 00:00:00')
) as t (id, name, amount, changed);

create table "awsdatacatalog"."SCHEMA"."on_hive__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/on_hive/UUID/',
  format = 'parquet'
)
as
select *,
  to_hex(md5(to_utf8(coalesce(cast(id as varchar ), '') || '|' || coalesce(cast(changed as varchar ), '')))) as dbt_scd_id,
  changed as dbt_updated_at,
  changed as dbt_valid_from,
  coalesce(nullif(changed, changed), null) as dbt_valid_to
from (
select id, name, amount, cast(changed as timestamp(3)) as changed from "awsdatacatalog"."SCHEMA"."source"
) sbq;

create table "awsdatacatalog"."SCHEMA"."on_iceberg__dbt_tmp"
with (
  table_type = 'iceberg',
  is_external = false,
  location = 's3://lake/SCHEMA/data/SCHEMA/on_iceberg/UUID/',
  format = 'parquet'
)
as
select *,
  to_hex(md5(to_utf8(coalesce(cast(id as varchar ), '') || '|' || coalesce(cast(changed as varchar ), '')))) as dbt_scd_id,
  changed as dbt_updated_at,
  changed as dbt_valid_from,
  coalesce(nullif(changed, changed), null) as dbt_valid_to
from (
select id, name, amount, changed from "awsdatacatalog"."SCHEMA"."source"
) sbq;

