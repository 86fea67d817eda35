create external table `SCHEMA`.`in_iceberg__dbt_rows` (
  `id` string,
  `name` string,
  `at` string
)
row format serde 'org.apache.hadoop.hive.serde2.OpenCSVSerde'
with serdeproperties ('separatorChar' = ',')
location 's3://lake/SCHEMA/data/SCHEMA/in_iceberg/UUID-new/'
tblproperties ('skip.header.line.count' = '1');

create table "awsdatacatalog"."SCHEMA"."in_iceberg__dbt_tmp"
with (
  table_type = 'iceberg',
  is_external = false,
  location = 's3://lake/SCHEMA/data/SCHEMA/in_iceberg/UUID/',
  format = 'parquet'
)
as
select
  cast(nullif("id", '') as int) as "id",
  cast(nullif("name", '') as varchar) as "name",
  cast(nullif("at", '') as timestamp(6)) as "at"
from "awsdatacatalog"."SCHEMA"."in_iceberg__dbt_rows";

create external table `SCHEMA`.`inserted__dbt_rows` (
  `id` string,
  `name` string,
  `day` string
)
row format serde 'org.apache.hadoop.hive.serde2.OpenCSVSerde'
with serdeproperties ('separatorChar' = ',')
location 's3://lake/SCHEMA/data/SCHEMA/inserted/UUID-new/'
tblproperties ('skip.header.line.count' = '1');

create table "awsdatacatalog"."SCHEMA"."inserted__dbt_tmp"
with (
  table_type = 'hive',
  is_external = true,
  external_location = 's3://lake/SCHEMA/data/SCHEMA/inserted/UUID/',
  format = 'parquet'
)
as
select
  cast(nullif("id", '') as integer) as "id",
  cast(nullif("name", '') as varchar) as "name",
  cast(nullif("day", '') as date) as "day"
from "awsdatacatalog"."SCHEMA"."inserted__dbt_rows";

