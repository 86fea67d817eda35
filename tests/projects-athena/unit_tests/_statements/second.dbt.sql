create or replace view
    "awsdatacatalog"."SCHEMA"."animals"
  as
select id, cast(name as varchar) as name, amount, day from (values
  (1, 'ant', cast(1.50 as decimal(10, 2)), date '2024-01-01'),
  (2, 'bee', cast(2.50 as decimal(10, 2)), date '2024-01-02'),
  (3, 'cat', cast(3.50 as decimal(10, 2)), date '2024-01-02'),
  (4, cast(null as varchar), cast(null as decimal(10, 2)), date '2024-02-03')
) as t (id, name, amount, day);

create table "awsdatacatalog"."SCHEMA"."doubles__dbt_tmp"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/doubles__dbt_tmp/UUID',
      format='parquet'
    )
    as
      select * from (
with __dbt__cte__animals as (
-- Fixture for animals
select try_cast(1 as int) as "id", try_cast('ant' as varchar) as "name", try_cast(1.25 as decimal(10,2)) as "amount", try_cast('2024-01-01' as date) as "day"
union all
select try_cast(2 as int) as "id", try_cast(null as varchar) as "name", try_cast(null as decimal(10,2)) as "amount", try_cast(null as date) as "day"
) select id, upper(name) as name, amount * 2 as amount, day from __dbt__cte__animals
    ) as __dbt_sbq
    where false
    limit 0;

-- Build actual result given inputs
with dbt_internal_unit_test_actual as (
  select
    "id","name","amount","day", 'actual' as "actual_or_expected"
  from (
with __dbt__cte__animals as (
-- Fixture for animals
select try_cast(1 as int) as "id", try_cast('ant' as varchar) as "name", try_cast(1.25 as decimal(10,2)) as "amount", try_cast('2024-01-01' as date) as "day"
union all
select try_cast(2 as int) as "id", try_cast(null as varchar) as "name", try_cast(null as decimal(10,2)) as "amount", try_cast(null as date) as "day"
) select id, upper(name) as name, amount * 2 as amount, day from __dbt__cte__animals
  ) _dbt_internal_unit_test_actual
),
-- Build expected result
dbt_internal_unit_test_expected as (
  select
    "id", "name", "amount", "day", 'expected' as "actual_or_expected"
  from (
    select try_cast(1 as int) as "id", try_cast('ANT' as varchar) as "name", try_cast(2.5 as decimal(20,2)) as "amount", try_cast('2024-01-01' as date) as "day"
union all
select try_cast(2 as int) as "id", try_cast(null as varchar) as "name", try_cast(null as decimal(20,2)) as "amount", try_cast(null as date) as "day"
  ) _dbt_internal_unit_test_expected
)
-- Union actual and expected results
select * from dbt_internal_unit_test_actual
union all
select * from dbt_internal_unit_test_expected;

create table "awsdatacatalog"."SCHEMA"."doubled"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/doubled/UUID',
      format='parquet'
    )
    as
select id, upper(name) as name, amount * 2 as amount, day from "awsdatacatalog"."SCHEMA"."animals";

alter table `SCHEMA`.`doubled` set tblproperties ('classification' = 'parquet');

SELECT '{"rowcount":4,"data_scanned_in_bytes":N}';

create table "awsdatacatalog"."SCHEMA"."fails__dbt_tmp"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/fails__dbt_tmp/UUID',
      format='parquet'
    )
    as
      select * from (
with __dbt__cte__animals as (
select 1 as id, 'x' as name, cast(1 as decimal(10, 2)) as amount, date '2024-01-01' as day
) select id, upper(name) as name from __dbt__cte__animals
    ) as __dbt_sbq
    where false
    limit 0;

-- Build actual result given inputs
with dbt_internal_unit_test_actual as (
  select
    "id","name", 'actual' as "actual_or_expected"
  from (
with __dbt__cte__animals as (
select 1 as id, 'x' as name, cast(1 as decimal(10, 2)) as amount, date '2024-01-01' as day
) select id, upper(name) as name from __dbt__cte__animals
  ) _dbt_internal_unit_test_actual
),
-- Build expected result
dbt_internal_unit_test_expected as (
  select
    "id", "name", 'expected' as "actual_or_expected"
  from (
    select try_cast(1 as int) as "id", try_cast('Y' as varchar(1)) as "name"
  ) _dbt_internal_unit_test_expected
)
-- Union actual and expected results
select * from dbt_internal_unit_test_actual
union all
select * from dbt_internal_unit_test_expected;

