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
  (2, 'wasp', 25, '2024-02-01 00:00:00'), (4, 'eel', 40, '2024-02-02 00:00:00')
) as t (id, name, amount, changed);

select * from (
select id, name, amount, cast(changed as timestamp(3)) as changed from "awsdatacatalog"."SCHEMA"."source"
) as dbt_sbq
where false
limit 0;

create table "awsdatacatalog"."SCHEMA"."on_hive__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/on_hive/UUID/',
  format = 'parquet'
)
as
with snapshot_query as (
select id, name, amount, cast(changed as timestamp(3)) as changed from "awsdatacatalog"."SCHEMA"."source"
),
snapshotted_data as (
  select *, id as dbt_unique_key
  from "awsdatacatalog"."SCHEMA"."on_hive"
  where dbt_valid_to is null
),
insertions_source_data as (
  select *, id as dbt_unique_key,
    changed as dbt_updated_at,
    changed as dbt_valid_from,
    coalesce(nullif(changed, changed), null) as dbt_valid_to,
    to_hex(md5(to_utf8(coalesce(cast(id as varchar ), '') || '|' || coalesce(cast(changed as varchar ), '')))) as dbt_scd_id
  from snapshot_query
),
updates_source_data as (
  select *, id as dbt_unique_key,
    changed as dbt_updated_at,
    changed as dbt_valid_from,
    changed as dbt_valid_to
  from snapshot_query
),
deletes_source_data as (
  select *, id as dbt_unique_key
  from snapshot_query
),
insertions as (
  select 'insert' as dbt_change_type, source_data.*
  from insertions_source_data as source_data
  left outer join snapshotted_data on snapshotted_data.dbt_unique_key = source_data.dbt_unique_key
  where snapshotted_data.dbt_unique_key is null
  or (snapshotted_data.dbt_unique_key is not null and ((snapshotted_data.dbt_valid_from < source_data.changed)))
),
updates as (
  select 'update' as dbt_change_type, source_data.*, snapshotted_data.dbt_scd_id
  from updates_source_data as source_data
  join snapshotted_data on snapshotted_data.dbt_unique_key = source_data.dbt_unique_key
  where ((snapshotted_data.dbt_valid_from < source_data.changed))
)
, deletes as (
  select 'delete' as dbt_change_type, source_data.*,
    cast(now() as timestamp) as dbt_valid_from,
    cast(now() as timestamp) as dbt_updated_at,
    cast(now() as timestamp) as dbt_valid_to,
    snapshotted_data.dbt_scd_id
  from snapshotted_data
  left join deletes_source_data as source_data on snapshotted_data.dbt_unique_key = source_data.dbt_unique_key
  where source_data.dbt_unique_key is null
),
changes as (
select * from insertions
union all
select * from updates
union all
select * from deletes
)
select DBT_INTERNAL_DEST."id", DBT_INTERNAL_DEST."name", DBT_INTERNAL_DEST."amount", DBT_INTERNAL_DEST."changed", DBT_INTERNAL_DEST."dbt_updated_at", DBT_INTERNAL_DEST."dbt_valid_from", case when DBT_INTERNAL_END.dbt_scd_id is not null and DBT_INTERNAL_DEST.dbt_valid_to is null then DBT_INTERNAL_END.dbt_valid_to else DBT_INTERNAL_DEST.dbt_valid_to end as "dbt_valid_to", DBT_INTERNAL_DEST."dbt_scd_id"
from "awsdatacatalog"."SCHEMA"."on_hive" as DBT_INTERNAL_DEST
left join (
  select dbt_scd_id, max(dbt_valid_to) as dbt_valid_to from changes where dbt_change_type in ('update', 'delete') group by dbt_scd_id
) as DBT_INTERNAL_END on DBT_INTERNAL_END.dbt_scd_id = DBT_INTERNAL_DEST.dbt_scd_id
union all
select DBT_INTERNAL_SOURCE."id", DBT_INTERNAL_SOURCE."name", DBT_INTERNAL_SOURCE."amount", DBT_INTERNAL_SOURCE."changed", DBT_INTERNAL_SOURCE."dbt_updated_at", DBT_INTERNAL_SOURCE."dbt_valid_from", DBT_INTERNAL_SOURCE."dbt_valid_to", DBT_INTERNAL_SOURCE."dbt_scd_id"
from changes as DBT_INTERNAL_SOURCE
left join "awsdatacatalog"."SCHEMA"."on_hive" as DBT_INTERNAL_DEST on DBT_INTERNAL_DEST.dbt_scd_id = DBT_INTERNAL_SOURCE.dbt_scd_id
where DBT_INTERNAL_SOURCE.dbt_change_type = 'insert' and DBT_INTERNAL_DEST.dbt_scd_id is null;

select * from (
select id, name, amount, changed from "awsdatacatalog"."SCHEMA"."source"
) as dbt_sbq
where false
limit 0;

create table "awsdatacatalog"."SCHEMA"."on_iceberg__dbt_tmp"
with (
  table_type = 'iceberg',
  is_external = false,
  location = 's3://lake/SCHEMA/data/SCHEMA/on_iceberg/UUID-new/',
  format = 'parquet'
)
as
with snapshot_query as (
select id, name, amount, changed from "awsdatacatalog"."SCHEMA"."source"
),
snapshotted_data as (
  select *, id as dbt_unique_key
  from "awsdatacatalog"."SCHEMA"."on_iceberg"
  where dbt_valid_to is null
),
insertions_source_data as (
  select *, id as dbt_unique_key,
    changed as dbt_updated_at,
    changed as dbt_valid_from,
    coalesce(nullif(changed, changed), null) as dbt_valid_to,
    to_hex(md5(to_utf8(coalesce(cast(id as varchar ), '') || '|' || coalesce(cast(changed as varchar ), '')))) as dbt_scd_id
  from snapshot_query
),
updates_source_data as (
  select *, id as dbt_unique_key,
    changed as dbt_updated_at,
    changed as dbt_valid_from,
    changed as dbt_valid_to
  from snapshot_query
),
deletes_source_data as (
  select *, id as dbt_unique_key
  from snapshot_query
),
insertions as (
  select 'insert' as dbt_change_type, source_data.*
  from insertions_source_data as source_data
  left outer join snapshotted_data on snapshotted_data.dbt_unique_key = source_data.dbt_unique_key
  where snapshotted_data.dbt_unique_key is null
  or (snapshotted_data.dbt_unique_key is not null and ((snapshotted_data.dbt_valid_from < source_data.changed)))
),
updates as (
  select 'update' as dbt_change_type, source_data.*, snapshotted_data.dbt_scd_id
  from updates_source_data as source_data
  join snapshotted_data on snapshotted_data.dbt_unique_key = source_data.dbt_unique_key
  where ((snapshotted_data.dbt_valid_from < source_data.changed))
)
, deletes as (
  select 'delete' as dbt_change_type, source_data.*,
    cast(now() as timestamp(6)) as dbt_valid_from,
    cast(now() as timestamp(6)) as dbt_updated_at,
    cast(now() as timestamp(6)) as dbt_valid_to,
    snapshotted_data.dbt_scd_id
  from snapshotted_data
  left join deletes_source_data as source_data on snapshotted_data.dbt_unique_key = source_data.dbt_unique_key
  where source_data.dbt_unique_key is null
)
select * from insertions
union all
select * from updates
union all
select * from deletes;

merge into "awsdatacatalog"."SCHEMA"."on_iceberg" as DBT_INTERNAL_DEST
using "awsdatacatalog"."SCHEMA"."on_iceberg__dbt_tmp" as DBT_INTERNAL_SOURCE
on DBT_INTERNAL_SOURCE.dbt_scd_id = DBT_INTERNAL_DEST.dbt_scd_id
when matched
  and DBT_INTERNAL_DEST.dbt_valid_to is null
  and DBT_INTERNAL_SOURCE.dbt_change_type in ('update', 'delete')
  then update set dbt_valid_to = DBT_INTERNAL_SOURCE.dbt_valid_to
when not matched
  and DBT_INTERNAL_SOURCE.dbt_change_type = 'insert'
  then insert ("id", "name", "amount", "changed", "dbt_updated_at", "dbt_valid_from", "dbt_valid_to", "dbt_scd_id")
  values (DBT_INTERNAL_SOURCE."id", DBT_INTERNAL_SOURCE."name", DBT_INTERNAL_SOURCE."amount", DBT_INTERNAL_SOURCE."changed", DBT_INTERNAL_SOURCE."dbt_updated_at", DBT_INTERNAL_SOURCE."dbt_valid_from", DBT_INTERNAL_SOURCE."dbt_valid_to", DBT_INTERNAL_SOURCE."dbt_scd_id");

