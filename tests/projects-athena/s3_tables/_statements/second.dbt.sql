create or replace view
    "awsdatacatalog"."SCHEMA"."changing"
  as
select id, cast(name as varchar) as name, amount, cast(day as date) as day from (values
  (1, 'ant', 10, '2024-01-01'),
  (2, 'wasp', 25, '2024-01-02'),
  (3, 'cat', 30, '2024-01-02'),
  (5, 'eel', 50, '2024-01-05')
) as t (id, name, amount, day);

create table "s3tablescatalog/tables"."SCHEMA"."appended__dbt_tmp"
    with (
      table_type='iceberg',
      is_external=false,
      format='parquet'
    )
    as
select id, name, amount, day from "awsdatacatalog"."SCHEMA"."changing";

insert into "s3tablescatalog/tables"."SCHEMA"."appended" ("id", "name", "amount", "day")
              (
                 select "id", "name", "amount", "day"
                 from "s3tablescatalog/tables"."SCHEMA"."appended__dbt_tmp"
              );

SELECT '{"rowcount":4,"data_scanned_in_bytes":N}';

create table "s3tablescatalog/tables"."SCHEMA"."merged__dbt_tmp"
    with (
      table_type='iceberg',
      is_external=false,
      format='parquet'
    )
    as
select id, name, amount, day from "awsdatacatalog"."SCHEMA"."changing"
where id > 1;

merge into "s3tablescatalog/tables"."SCHEMA"."merged" as target using "s3tablescatalog/tables"."SCHEMA"."merged__dbt_tmp" as src
          on (target.id = src.id
      )
      when matched
          then update set"name" = src."name","amount" = src."amount","day" = src."day"
      when not matched
        then insert ("id", "name", "amount", "day")
         values (src."id", src."name", src."amount", src."day");

SELECT '{"rowcount":3,"data_scanned_in_bytes":N}';

create table "s3tablescatalog/tables"."SCHEMA"."whole"
    with (
      table_type='iceberg',
      is_external=false,
      format='parquet'
    )
    as
select id, name, amount, day from "awsdatacatalog"."SCHEMA"."changing";

SELECT '{"rowcount":4,"data_scanned_in_bytes":N}';

select * from (
        select name, amount from (
select id, name, amount from "awsdatacatalog"."SCHEMA"."changing"
            ) subq
    ) as __dbt_sbq
    where false
    limit 0;

create table "s3tablescatalog/tables"."SCHEMA"."history__dbt_tmp"
    with (
      table_type='iceberg',
      is_external=false,
      format='parquet'
    )
    as
    with snapshot_query as (
select id, name, amount from "awsdatacatalog"."SCHEMA"."changing"
),
snapshotted_data as (
    select *,
        id as dbt_unique_key
    from "s3tablescatalog/tables"."SCHEMA"."history"
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

merge into "s3tablescatalog/tables"."SCHEMA"."history" as dbt_internal_dest
    using "s3tablescatalog/tables"."SCHEMA"."history__dbt_tmp" as dbt_internal_source
    on dbt_internal_source.dbt_scd_id = dbt_internal_dest.dbt_scd_id
when matched
     and dbt_internal_dest.dbt_valid_to is null
     and dbt_internal_source.dbt_change_type in ('update', 'delete')
        then update
        set dbt_valid_to = dbt_internal_source.dbt_valid_to
when not matched
     and dbt_internal_source.dbt_change_type = 'insert'
        then insert ("id", "name", "amount", "dbt_updated_at", "dbt_valid_from", "dbt_valid_to", "dbt_scd_id")
        values (dbt_internal_source."id", dbt_internal_source."name", dbt_internal_source."amount", dbt_internal_source."dbt_updated_at", dbt_internal_source."dbt_valid_from", dbt_internal_source."dbt_valid_to", dbt_internal_source."dbt_scd_id");

select
      count(*) as failures,
      count(*) != 0 as should_warn,
      count(*) != 0 as should_error
    from (
select id
from "s3tablescatalog/tables"."SCHEMA"."whole"
where id is null
    ) dbt_internal_test;

select
      count(*) as failures,
      count(*) != 0 as should_warn,
      count(*) != 0 as should_error
    from (
select
    id as unique_field,
    count(*) as n_records
from "s3tablescatalog/tables"."SCHEMA"."whole"
where id is not null
group by id
having count(*) > 1
    ) dbt_internal_test;

create table "s3tablescatalog/tables"."SCHEMA"."by_month"
    with (
      table_type='iceberg',
      is_external=false,
      partitioning=ARRAY['month(day)'],
      format='parquet'
    )
    as
select id, name, day, 's3_tables' as kept from "s3tablescatalog/tables"."SCHEMA"."whole";

SELECT '{"rowcount":4,"data_scanned_in_bytes":N}';

create table "awsdatacatalog"."SCHEMA"."placed__ha"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/volume/SCHEMA/placed/UUID',
      format='orc'
    )
    as
select * from "s3tablescatalog/tables"."SCHEMA"."whole";

alter table `SCHEMA`.`placed` rename to `SCHEMA`.`placed__bkp`;

alter table `SCHEMA`.`placed__ha` rename to `SCHEMA`.`placed`;

SELECT '{"rowcount":4,"data_scanned_in_bytes":N}';

create table "awsdatacatalog"."SCHEMA"."plain"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/plain/UUID',
      format='parquet'
    )
    as
select * from "s3tablescatalog/tables"."SCHEMA"."whole";

alter table `SCHEMA`.`plain` set tblproperties ('classification' = 'parquet');

SELECT '{"rowcount":4,"data_scanned_in_bytes":N}';

create or replace view
    "awsdatacatalog"."SCHEMA"."seen"
  as
select w.id, w.name, m.amount from "s3tablescatalog/tables"."SCHEMA"."whole" as w join "s3tablescatalog/tables"."SCHEMA"."merged" as m on m.id = w.id;

select
      count(*) as failures,
      count(*) != 0 as should_warn,
      count(*) != 0 as should_error
    from (
select id
from "awsdatacatalog"."SCHEMA"."placed"
where id is null
    ) dbt_internal_test;

create table "awsdatacatalog"."SCHEMA"."own_type"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/volume/SCHEMA/own_type/UUID',
      format='parquet'
    )
    as
select * from "awsdatacatalog"."SCHEMA"."placed";

alter table `SCHEMA`.`own_type` set tblproperties ('classification' = 'parquet');

SELECT '{"rowcount":4,"data_scanned_in_bytes":N}';

