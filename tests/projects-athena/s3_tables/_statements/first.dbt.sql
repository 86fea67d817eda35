create or replace view
    "awsdatacatalog"."SCHEMA"."changing"
  as
select id, cast(name as varchar) as name, amount, cast(day as date) as day from (values
  (1, 'ant', 10, '2024-01-01'),
  (2, 'bee', 20, '2024-01-02'),
  (3, 'cat', 30, '2024-01-02')
) as t (id, name, amount, day);

create table "s3tablescatalog/tables"."SCHEMA"."appended"
    with (
      table_type='iceberg',
      is_external=false,
      format='parquet'
    )
    as
select id, name, amount, day from "awsdatacatalog"."SCHEMA"."changing";

select '{"rowcount":3,"data_scanned_in_bytes":N}';

create table "s3tablescatalog/tables"."SCHEMA"."merged"
    with (
      table_type='iceberg',
      is_external=false,
      format='parquet'
    )
    as
select id, name, amount, day from "awsdatacatalog"."SCHEMA"."changing";

select '{"rowcount":3,"data_scanned_in_bytes":N}';

create table "s3tablescatalog/tables"."SCHEMA"."whole"
    with (
      table_type='iceberg',
      is_external=false,
      format='parquet'
    )
    as
select id, name, amount, day from "awsdatacatalog"."SCHEMA"."changing";

SELECT '{"rowcount":3,"data_scanned_in_bytes":N}';

create table "s3tablescatalog/tables"."SCHEMA"."history"
    with (
      table_type='iceberg',
      is_external=false,
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
select id, name, amount from "awsdatacatalog"."SCHEMA"."changing"
    ) sbq;

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

SELECT '{"rowcount":3,"data_scanned_in_bytes":N}';

create table "awsdatacatalog"."SCHEMA"."placed"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/volume/SCHEMA/placed/UUID',
      format='orc'
    )
    as
select * from "s3tablescatalog/tables"."SCHEMA"."whole";

SELECT '{"rowcount":3,"data_scanned_in_bytes":N}';

create table "awsdatacatalog"."SCHEMA"."plain"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/plain/UUID',
      format='parquet'
    )
    as
select * from "s3tablescatalog/tables"."SCHEMA"."whole";

alter table `SCHEMA`.`plain` set tblproperties ('classification' = 'parquet');

SELECT '{"rowcount":3,"data_scanned_in_bytes":N}';

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

SELECT '{"rowcount":3,"data_scanned_in_bytes":N}';

