create external table `SCHEMA`.`in_iceberg__dbt_tmp` (`id` string, `name` string, `at` string)
    row format serde 'org.apache.hadoop.hive.serde2.OpenCSVSerde'
    location 's3://lake/SCHEMA/data/SCHEMA/in_iceberg__dbt_tmp/UUID'
    tblproperties (
      'skip.header.line.count'='1'
    );

create table "awsdatacatalog"."SCHEMA"."in_iceberg"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/in_iceberg/UUID',
      format='parquet'
    )
    as
    select
              cast(nullif("id", '') as int) as "id"
            ,
              cast(nullif("name", '') as varchar) as "name"
            ,
              cast(nullif("at", '') as timestamp(6)) as "at"
    from
        "awsdatacatalog"."SCHEMA"."in_iceberg__dbt_tmp";

create external table `SCHEMA`.`inserted` (`id` int, `name` string, `day` date)
    location 's3://lake/SCHEMA/data/SCHEMA/inserted/UUID';

insert into "awsdatacatalog"."SCHEMA"."inserted" ("id", "name", "day") values
          (DECIMAL '1','ant''s',DATE '2024-01-01'),(DECIMAL '2','bee',DATE '2024-01-02');

