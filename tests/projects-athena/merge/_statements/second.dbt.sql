create or replace view
    "awsdatacatalog"."SCHEMA"."changing"
  as
select id, cast(name as varchar) as name, amount, cast(day as date) as day from (values
  (1, 'ant', 10, '2024-01-01'),
  (2, 'wasp', 25, '2024-01-02'),
  (3, 'cat', 30, '2024-01-02'),
  (5, 'eel', 50, '2024-01-05')
) as t (id, name, amount, day);

create table "awsdatacatalog"."SCHEMA"."but_columns__dbt_tmp"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/but_columns__dbt_tmp/UUID',
      format='parquet'
    )
    as
select id, name, amount, day from "awsdatacatalog"."SCHEMA"."changing";

merge into "awsdatacatalog"."SCHEMA"."but_columns" as target using "awsdatacatalog"."SCHEMA"."but_columns__dbt_tmp" as src
          on (target.id = src.id
      )
      when matched
          then update set"amount" = src."amount"
      when not matched
        then insert ("id", "name", "amount", "day")
         values (src."id", src."name", src."amount", src."day");

SELECT '{"rowcount":4,"data_scanned_in_bytes":N}';

create table "awsdatacatalog"."SCHEMA"."by_id__dbt_tmp"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/by_id__dbt_tmp/UUID',
      format='parquet'
    )
    as
select id, name, amount, day from "awsdatacatalog"."SCHEMA"."changing"
where id > 1;

merge into "awsdatacatalog"."SCHEMA"."by_id" as target using "awsdatacatalog"."SCHEMA"."by_id__dbt_tmp" as src
          on (target.id = src.id
      )
      when matched
          then update set"name" = src."name","amount" = src."amount","day" = src."day"
      when not matched
        then insert ("id", "name", "amount", "day")
         values (src."id", src."name", src."amount", src."day");

SELECT '{"rowcount":3,"data_scanned_in_bytes":N}';

create table "awsdatacatalog"."SCHEMA"."by_two__dbt_tmp"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/by_two__dbt_tmp/UUID',
      format='parquet'
    )
    as
select id, day, name, amount from "awsdatacatalog"."SCHEMA"."changing";

merge into "awsdatacatalog"."SCHEMA"."by_two" as target using "awsdatacatalog"."SCHEMA"."by_two__dbt_tmp" as src
          on (target.id = src.id
             and target.day = src.day
      )
      when matched
          then update set"name" = src."name","amount" = src."amount"
      when not matched
        then insert ("id", "day", "name", "amount")
         values (src."id", src."day", src."name", src."amount");

SELECT '{"rowcount":4,"data_scanned_in_bytes":N}';

create table "awsdatacatalog"."SCHEMA"."some_columns__dbt_tmp"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/some_columns__dbt_tmp/UUID',
      format='parquet'
    )
    as
select id, name, amount, day from "awsdatacatalog"."SCHEMA"."changing";

merge into "awsdatacatalog"."SCHEMA"."some_columns" as target using "awsdatacatalog"."SCHEMA"."some_columns__dbt_tmp" as src
          on (target.id = src.id
      )
      when matched
          then update set"name" = src."name"
      when not matched
        then insert ("id", "name", "amount", "day")
         values (src."id", src."name", src."amount", src."day");

SELECT '{"rowcount":4,"data_scanned_in_bytes":N}';

create table "awsdatacatalog"."SCHEMA"."with_predicates__dbt_tmp"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/with_predicates__dbt_tmp/UUID',
      format='parquet'
    )
    as
select id, name, amount, day from "awsdatacatalog"."SCHEMA"."changing";

merge into "awsdatacatalog"."SCHEMA"."with_predicates" as target using "awsdatacatalog"."SCHEMA"."with_predicates__dbt_tmp" as src
          on (target.id = src.id
            and (
              target.day > date '2024-01-01' and
              src.id < 9
          )
      )
      when matched
          then update set"name" = src."name","amount" = src."amount","day" = src."day"
      when not matched
        then insert ("id", "name", "amount", "day")
         values (src."id", src."name", src."amount", src."day");

SELECT '{"rowcount":4,"data_scanned_in_bytes":N}';

