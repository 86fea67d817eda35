create table "awsdatacatalog"."SCHEMA"."source__ha"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/source/UUID',
      format='parquet'
    )
    as
select id, cast(name as varchar) as name, amount, cast(changed as timestamp(6)) as changed from (values
  (1, 'ant', 10, '2024-01-01 00:00:00'),
  (2, 'wasp', 25, '2024-02-01 00:00:00'), (4, 'eel', 40, '2024-02-02 00:00:00')
) as t (id, name, amount, changed);

alter table `SCHEMA`.`source` rename to `SCHEMA`.`source__bkp`;

alter table `SCHEMA`.`source__ha` rename to `SCHEMA`.`source`;

SELECT '{"rowcount":3,"data_scanned_in_bytes":N}';

create table "awsdatacatalog"."SCHEMA"."on_hive__dbt_tmp"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/on_hive__dbt_tmp/UUID',
      format='parquet'
    )
    as
    with snapshot_query as (
select id, name, amount, cast(changed as timestamp(3)) as changed from "awsdatacatalog"."SCHEMA"."source"
),
snapshotted_data as (
    select *,
        id as dbt_unique_key
    from "awsdatacatalog"."SCHEMA"."on_hive"
        where
                dbt_valid_to is null
),
insertions_source_data as (
    select *,
        id as dbt_unique_key
,
            changed as dbt_updated_at,
            changed as dbt_valid_from,
  coalesce(nullif(changed, changed), null)
  as dbt_valid_to
,
            to_hex(md5(to_utf8(coalesce(cast(id as varchar ), '')
         || '|' || coalesce(cast(changed as varchar ), '')
        ))) as dbt_scd_id
    from snapshot_query
    ),
updates_source_data as (
    select *,
        id as dbt_unique_key
,
            changed as dbt_updated_at,
            changed as dbt_valid_from,
            changed as dbt_valid_to
    from snapshot_query
    ),
insertions as (
    select
            'insert' as dbt_change_type,
            source_data.*
    from insertions_source_data as source_data
        left outer join snapshotted_data
            on
        snapshotted_data.dbt_unique_key = source_data.dbt_unique_key
        where
        snapshotted_data.dbt_unique_key is null
        or (
        snapshotted_data.dbt_unique_key is not null
 and (
               (snapshotted_data.dbt_valid_from < source_data.changed)
            )
    )
),
updates as (
    select
            'update' as dbt_change_type,
            source_data.*,
            snapshotted_data.dbt_scd_id
    from updates_source_data as source_data
        join snapshotted_data
            on
        snapshotted_data.dbt_unique_key = source_data.dbt_unique_key
    where (
            (snapshotted_data.dbt_valid_from < source_data.changed)
        )
    )
select * from insertions
    union all
    select * from updates;

create table "awsdatacatalog"."SCHEMA"."on_hive__dbt_tmp_snapshot"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/on_hive__dbt_tmp_snapshot/UUID',
      format='parquet'
    )
    as
      -- Unchanged rows
      select dbt_internal_dest."id", dbt_internal_dest."name", dbt_internal_dest."amount", dbt_internal_dest."changed", dbt_internal_dest."dbt_updated_at", dbt_internal_dest."dbt_valid_from", dbt_internal_dest."dbt_valid_to", dbt_internal_dest."dbt_scd_id"
      from "awsdatacatalog"."SCHEMA"."on_hive" as dbt_internal_dest
      left join "awsdatacatalog"."SCHEMA"."on_hive__dbt_tmp" as dbt_internal_source
      on dbt_internal_source.dbt_scd_id = dbt_internal_dest.dbt_scd_id
      where dbt_internal_source.dbt_scd_id is null
  union all
  -- Updated or deleted rows
      select dbt_internal_dest."id", dbt_internal_dest."name", dbt_internal_dest."amount", dbt_internal_dest."changed", dbt_internal_dest."dbt_updated_at", dbt_internal_dest."dbt_valid_from", dbt_internal_source."dbt_valid_to", dbt_internal_dest."dbt_scd_id"
      from "awsdatacatalog"."SCHEMA"."on_hive" as dbt_internal_dest
      inner join "awsdatacatalog"."SCHEMA"."on_hive__dbt_tmp" as dbt_internal_source
      on dbt_internal_source.dbt_scd_id = dbt_internal_dest.dbt_scd_id
      where dbt_internal_dest.dbt_valid_to is null
        and dbt_internal_source.dbt_change_type in ('update', 'delete')
  union all
  -- New rows
      select dbt_internal_source."id", dbt_internal_source."name", dbt_internal_source."amount", dbt_internal_source."changed", dbt_internal_source."dbt_updated_at", dbt_internal_source."dbt_valid_from", dbt_internal_source."dbt_valid_to", dbt_internal_source."dbt_scd_id"
      from "awsdatacatalog"."SCHEMA"."on_hive__dbt_tmp" as dbt_internal_source
      left join "awsdatacatalog"."SCHEMA"."on_hive" as dbt_internal_dest
      on dbt_internal_dest.dbt_scd_id = dbt_internal_source.dbt_scd_id
      where dbt_internal_dest.dbt_scd_id is null;

create table "awsdatacatalog"."SCHEMA"."on_hive"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/on_hive/UUID',
      format='parquet'
    )
    as
      select * from "awsdatacatalog"."SCHEMA"."on_hive__dbt_tmp_snapshot";

create table "awsdatacatalog"."SCHEMA"."on_iceberg__dbt_tmp"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/on_iceberg__dbt_tmp/UUID',
      format='parquet'
    )
    as
    with snapshot_query as (
select id, name, amount, changed from "awsdatacatalog"."SCHEMA"."source"
),
snapshotted_data as (
    select *,
        id as dbt_unique_key
    from "awsdatacatalog"."SCHEMA"."on_iceberg"
        where
                dbt_valid_to is null
),
insertions_source_data as (
    select *,
        id as dbt_unique_key
,
            changed as dbt_updated_at,
            changed as dbt_valid_from,
  coalesce(nullif(changed, changed), null)
  as dbt_valid_to
,
            to_hex(md5(to_utf8(coalesce(cast(id as varchar ), '')
         || '|' || coalesce(cast(changed as varchar ), '')
        ))) as dbt_scd_id
    from snapshot_query
    ),
updates_source_data as (
    select *,
        id as dbt_unique_key
,
            changed as dbt_updated_at,
            changed as dbt_valid_from,
            changed as dbt_valid_to
    from snapshot_query
    ),
insertions as (
    select
            'insert' as dbt_change_type,
            source_data.*
    from insertions_source_data as source_data
        left outer join snapshotted_data
            on
        snapshotted_data.dbt_unique_key = source_data.dbt_unique_key
        where
        snapshotted_data.dbt_unique_key is null
        or (
        snapshotted_data.dbt_unique_key is not null
 and (
               (snapshotted_data.dbt_valid_from < source_data.changed)
            )
    )
),
updates as (
    select
            'update' as dbt_change_type,
            source_data.*,
            snapshotted_data.dbt_scd_id
    from updates_source_data as source_data
        join snapshotted_data
            on
        snapshotted_data.dbt_unique_key = source_data.dbt_unique_key
    where (
            (snapshotted_data.dbt_valid_from < source_data.changed)
        )
    )
select * from insertions
    union all
    select * from updates;

merge into "awsdatacatalog"."SCHEMA"."on_iceberg" as dbt_internal_dest
    using "awsdatacatalog"."SCHEMA"."on_iceberg__dbt_tmp" as dbt_internal_source
    on dbt_internal_source.dbt_scd_id = dbt_internal_dest.dbt_scd_id
when matched
     and dbt_internal_dest.dbt_valid_to is null
     and dbt_internal_source.dbt_change_type in ('update', 'delete')
        then update
        set dbt_valid_to = dbt_internal_source.dbt_valid_to
when not matched
     and dbt_internal_source.dbt_change_type = 'insert'
        then insert ("id", "name", "amount", "changed", "dbt_updated_at", "dbt_valid_from", "dbt_valid_to", "dbt_scd_id")
        values (dbt_internal_source."id", dbt_internal_source."name", dbt_internal_source."amount", dbt_internal_source."changed", dbt_internal_source."dbt_updated_at", dbt_internal_source."dbt_valid_from", dbt_internal_source."dbt_valid_to", dbt_internal_source."dbt_scd_id");

