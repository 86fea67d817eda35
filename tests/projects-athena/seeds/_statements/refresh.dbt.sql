create external table `SCHEMA`.`guessed__dbt_tmp` (`id` string, `name` string, `amount` string, `ratio` string)
    row format serde 'org.apache.hadoop.hive.serde2.OpenCSVSerde'
    location 's3://lake/SCHEMA/data/SCHEMA/guessed__dbt_tmp/UUID'
    tblproperties (
      'skip.header.line.count'='1'
    );

create table "awsdatacatalog"."SCHEMA"."guessed"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/guessed/UUID',
      format='parquet'
    )
    as
    select
              cast(nullif("id", '') as integer) as "id"
            ,
              cast(nullif("name", '') as varchar) as "name"
            ,
              cast(nullif("amount", '') as integer) as "amount"
            ,
              cast(nullif("ratio", '') as double) as "ratio"
    from
        "awsdatacatalog"."SCHEMA"."guessed__dbt_tmp";

create external table `SCHEMA`.`pipes__dbt_tmp` (`id` string, `name` string)
    row format serde 'org.apache.hadoop.hive.serde2.OpenCSVSerde'
    location 's3://lake/SCHEMA/data/SCHEMA/pipes__dbt_tmp/UUID'
    tblproperties (
      'skip.header.line.count'='1'
    );

create table "awsdatacatalog"."SCHEMA"."pipes"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/pipes/UUID',
      format='parquet'
    )
    as
    select
              cast(nullif("id", '') as integer) as "id"
            ,
              cast(nullif("name", '') as varchar) as "name"
    from
        "awsdatacatalog"."SCHEMA"."pipes__dbt_tmp";

create external table `SCHEMA`.`typed__dbt_tmp` (`id` string, `name` string, `amount` string, `price` string, `day` string, `at` string, `ok` string)
    row format serde 'org.apache.hadoop.hive.serde2.OpenCSVSerde'
    location 's3://lake/SCHEMA/data/SCHEMA/typed__dbt_tmp/UUID'
    tblproperties (
      'skip.header.line.count'='1'
    );

create table "awsdatacatalog"."SCHEMA"."typed"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/typed/UUID',
      format='parquet'
    )
    as
    select
              cast(nullif("id", '') as bigint) as "id"
            ,
              cast(nullif("name", '') as varchar) as "name"
            ,
              cast(nullif("amount", '') as int) as "amount"
            ,
              cast(nullif("price", '') as decimal(10, 2)) as "price"
            ,
              cast(nullif("day", '') as date) as "day"
            ,
coalesce(
        try(date_parse("at", '%Y-%m-%d %H:%i:%s')),
        try(date_parse("at", '%Y/%m/%d %H:%i:%s')),
        try(date_parse("at", '%d %M %Y %H:%i:%s')),
        try(date_parse("at", '%d/%m/%Y %H:%i:%s')),
        try(date_parse("at", '%d-%m-%Y %H:%i:%s')),
        try(date_parse("at", '%Y-%m-%d %H:%i:%s.%f')),
        try(date_parse("at", '%Y/%m/%d %H:%i:%s.%f')),
        try(date_parse("at", '%d %M %Y %H:%i:%s.%f')),
        try(date_parse("at", '%d/%m/%Y %H:%i:%s.%f')),
        try(date_parse("at", '%Y-%m-%dT%H:%i:%s.%fZ')),
        try(date_parse("at", '%Y-%m-%dT%H:%i:%sZ')),
        try(date_parse("at", '%Y-%m-%dT%H:%i:%s'))
    ) as "at"
        ,
              cast(nullif("ok", '') as boolean) as "ok"
    from
        "awsdatacatalog"."SCHEMA"."typed__dbt_tmp";

create table "awsdatacatalog"."SCHEMA"."of_seed"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/of_seed/UUID',
      format='parquet'
    )
    as
select id, price, day from "awsdatacatalog"."SCHEMA"."typed";

alter table `SCHEMA`.`of_seed` set tblproperties ('classification' = 'parquet');

SELECT '{"rowcount":3,"data_scanned_in_bytes":N}';

