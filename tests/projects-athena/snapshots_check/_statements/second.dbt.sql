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

select * from (
        select name from (
select id, name, amount, cast(changed as timestamp(3)) as changed from "awsdatacatalog"."SCHEMA"."source"
            ) subq
    ) as __dbt_sbq
    where false
    limit 0;

create table "awsdatacatalog"."SCHEMA"."hive_some__dbt_tmp"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/hive_some__dbt_tmp/UUID',
      format='parquet'
    )
    as
    with snapshot_query as (
select id, name, amount, cast(changed as timestamp(3)) as changed from "awsdatacatalog"."SCHEMA"."source"
),
snapshotted_data as (
    select *,
        id as dbt_unique_key
    from "awsdatacatalog"."SCHEMA"."hive_some"
        where
                dbt_valid_to is null
),
insertions_source_data as (
    select *,
        id as dbt_unique_key
,
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
,
            to_hex(md5(to_utf8(coalesce(cast(id as varchar ), '')
         || '|' || coalesce(cast(
    cast(now() as timestamp)
 as varchar ), '')
        ))) as dbt_scd_id
    from snapshot_query
    ),
updates_source_data as (
    select *,
        id as dbt_unique_key
,
    cast(now() as timestamp)
 as dbt_updated_at,
    cast(now() as timestamp)
 as dbt_valid_from,
    cast(now() as timestamp)
 as dbt_valid_to
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
               (snapshotted_data."name" != source_data."name"
        or
        (
            ((snapshotted_data."name" is null) and not (source_data."name" is null))
            or
            ((not snapshotted_data."name" is null) and (source_data."name" is null))
        ))
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
            (snapshotted_data."name" != source_data."name"
        or
        (
            ((snapshotted_data."name" is null) and not (source_data."name" is null))
            or
            ((not snapshotted_data."name" is null) and (source_data."name" is null))
        ))
        )
    )
select * from insertions
    union all
    select * from updates;

create table "awsdatacatalog"."SCHEMA"."hive_some__dbt_tmp_snapshot"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/hive_some__dbt_tmp_snapshot/UUID',
      format='parquet'
    )
    as
      -- Unchanged rows
      select dbt_internal_dest."id", dbt_internal_dest."name", dbt_internal_dest."amount", dbt_internal_dest."changed", dbt_internal_dest."dbt_updated_at", dbt_internal_dest."dbt_valid_from", dbt_internal_dest."dbt_valid_to", dbt_internal_dest."dbt_scd_id"
      from "awsdatacatalog"."SCHEMA"."hive_some" as dbt_internal_dest
      left join "awsdatacatalog"."SCHEMA"."hive_some__dbt_tmp" as dbt_internal_source
      on dbt_internal_source.dbt_scd_id = dbt_internal_dest.dbt_scd_id
      where dbt_internal_source.dbt_scd_id is null
  union all
  -- Updated or deleted rows
      select dbt_internal_dest."id", dbt_internal_dest."name", dbt_internal_dest."amount", dbt_internal_dest."changed", dbt_internal_dest."dbt_updated_at", dbt_internal_dest."dbt_valid_from", dbt_internal_source."dbt_valid_to", dbt_internal_dest."dbt_scd_id"
      from "awsdatacatalog"."SCHEMA"."hive_some" as dbt_internal_dest
      inner join "awsdatacatalog"."SCHEMA"."hive_some__dbt_tmp" as dbt_internal_source
      on dbt_internal_source.dbt_scd_id = dbt_internal_dest.dbt_scd_id
      where dbt_internal_dest.dbt_valid_to is null
        and dbt_internal_source.dbt_change_type in ('update', 'delete')
  union all
  -- New rows
      select dbt_internal_source."id", dbt_internal_source."name", dbt_internal_source."amount", dbt_internal_source."changed", dbt_internal_source."dbt_updated_at", dbt_internal_source."dbt_valid_from", dbt_internal_source."dbt_valid_to", dbt_internal_source."dbt_scd_id"
      from "awsdatacatalog"."SCHEMA"."hive_some__dbt_tmp" as dbt_internal_source
      left join "awsdatacatalog"."SCHEMA"."hive_some" as dbt_internal_dest
      on dbt_internal_dest.dbt_scd_id = dbt_internal_source.dbt_scd_id
      where dbt_internal_dest.dbt_scd_id is null;

create table "awsdatacatalog"."SCHEMA"."hive_some"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/hive_some/UUID',
      format='parquet'
    )
    as
      select * from "awsdatacatalog"."SCHEMA"."hive_some__dbt_tmp_snapshot";

select * from (
select id, name, amount, changed from "awsdatacatalog"."SCHEMA"."source"
    ) as __dbt_sbq
    where false
    limit 0;

create table "awsdatacatalog"."SCHEMA"."iceberg_all__dbt_tmp"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/iceberg_all__dbt_tmp/UUID',
      format='parquet'
    )
    as
    with snapshot_query as (
select id, name, amount, changed from "awsdatacatalog"."SCHEMA"."source"
),
snapshotted_data as (
    select *,
        id as dbt_unique_key
    from "awsdatacatalog"."SCHEMA"."iceberg_all"
        where
                dbt_valid_to is null
),
insertions_source_data as (
    select *,
        id as dbt_unique_key
,
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
,
            to_hex(md5(to_utf8(coalesce(cast(id as varchar ), '')
         || '|' || coalesce(cast(
    cast(now() as timestamp(6))
 as varchar ), '')
        ))) as dbt_scd_id
    from snapshot_query
    ),
updates_source_data as (
    select *,
        id as dbt_unique_key
,
    cast(now() as timestamp(6))
 as dbt_updated_at,
    cast(now() as timestamp(6))
 as dbt_valid_from,
    cast(now() as timestamp(6))
 as dbt_valid_to
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
               (snapshotted_data."id" != source_data."id"
        or
        (
            ((snapshotted_data."id" is null) and not (source_data."id" is null))
            or
            ((not snapshotted_data."id" is null) and (source_data."id" is null))
        ) or snapshotted_data."name" != source_data."name"
        or
        (
            ((snapshotted_data."name" is null) and not (source_data."name" is null))
            or
            ((not snapshotted_data."name" is null) and (source_data."name" is null))
        ) or snapshotted_data."amount" != source_data."amount"
        or
        (
            ((snapshotted_data."amount" is null) and not (source_data."amount" is null))
            or
            ((not snapshotted_data."amount" is null) and (source_data."amount" is null))
        ) or snapshotted_data."changed" != source_data."changed"
        or
        (
            ((snapshotted_data."changed" is null) and not (source_data."changed" is null))
            or
            ((not snapshotted_data."changed" is null) and (source_data."changed" is null))
        ))
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
            (snapshotted_data."id" != source_data."id"
        or
        (
            ((snapshotted_data."id" is null) and not (source_data."id" is null))
            or
            ((not snapshotted_data."id" is null) and (source_data."id" is null))
        ) or snapshotted_data."name" != source_data."name"
        or
        (
            ((snapshotted_data."name" is null) and not (source_data."name" is null))
            or
            ((not snapshotted_data."name" is null) and (source_data."name" is null))
        ) or snapshotted_data."amount" != source_data."amount"
        or
        (
            ((snapshotted_data."amount" is null) and not (source_data."amount" is null))
            or
            ((not snapshotted_data."amount" is null) and (source_data."amount" is null))
        ) or snapshotted_data."changed" != source_data."changed"
        or
        (
            ((snapshotted_data."changed" is null) and not (source_data."changed" is null))
            or
            ((not snapshotted_data."changed" is null) and (source_data."changed" is null))
        ))
        )
    )
select * from insertions
    union all
    select * from updates;

merge into "awsdatacatalog"."SCHEMA"."iceberg_all" as dbt_internal_dest
    using "awsdatacatalog"."SCHEMA"."iceberg_all__dbt_tmp" as dbt_internal_source
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

select * from (
        select name, amount from (
select id, name, amount, changed from "awsdatacatalog"."SCHEMA"."source"
            ) subq
    ) as __dbt_sbq
    where false
    limit 0;

create table "awsdatacatalog"."SCHEMA"."iceberg_some__dbt_tmp"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/iceberg_some__dbt_tmp/UUID',
      format='parquet'
    )
    as
    with snapshot_query as (
select id, name, amount, changed from "awsdatacatalog"."SCHEMA"."source"
),
snapshotted_data as (
    select *,
        id as dbt_unique_key
    from "awsdatacatalog"."SCHEMA"."iceberg_some"
        where
                dbt_valid_to is null
),
insertions_source_data as (
    select *,
        id as dbt_unique_key
,
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
,
            to_hex(md5(to_utf8(coalesce(cast(id as varchar ), '')
         || '|' || coalesce(cast(
    cast(now() as timestamp(6))
 as varchar ), '')
        ))) as dbt_scd_id
    from snapshot_query
    ),
updates_source_data as (
    select *,
        id as dbt_unique_key
,
    cast(now() as timestamp(6))
 as dbt_updated_at,
    cast(now() as timestamp(6))
 as dbt_valid_from,
    cast(now() as timestamp(6))
 as dbt_valid_to
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
               (snapshotted_data."name" != source_data."name"
        or
        (
            ((snapshotted_data."name" is null) and not (source_data."name" is null))
            or
            ((not snapshotted_data."name" is null) and (source_data."name" is null))
        ) or snapshotted_data."amount" != source_data."amount"
        or
        (
            ((snapshotted_data."amount" is null) and not (source_data."amount" is null))
            or
            ((not snapshotted_data."amount" is null) and (source_data."amount" is null))
        ))
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
            (snapshotted_data."name" != source_data."name"
        or
        (
            ((snapshotted_data."name" is null) and not (source_data."name" is null))
            or
            ((not snapshotted_data."name" is null) and (source_data."name" is null))
        ) or snapshotted_data."amount" != source_data."amount"
        or
        (
            ((snapshotted_data."amount" is null) and not (source_data."amount" is null))
            or
            ((not snapshotted_data."amount" is null) and (source_data."amount" is null))
        ))
        )
    )
select * from insertions
    union all
    select * from updates;

merge into "awsdatacatalog"."SCHEMA"."iceberg_some" as dbt_internal_dest
    using "awsdatacatalog"."SCHEMA"."iceberg_some__dbt_tmp" as dbt_internal_source
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

