create or replace view
    "awsdatacatalog"."SCHEMA"."changing"
  as
select id, cast(name as varchar) as name, amount, cast(day as date) as day from (values
  (1, 'ant', 10, '2024-01-01'),
  (2, 'bee', 20, '2024-01-02'),
  (3, 'cat', 30, '2024-01-02')
) as t (id, name, amount, day);

create table "awsdatacatalog"."SCHEMA"."rules"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/rules/UUID',
      format='parquet'
    )
    as
select id, nullif(name, 'wasp') as name, amount, array['n'] as notes, array[name] as tags, name as label, day from "awsdatacatalog"."SCHEMA"."changing";

select '{"rowcount":3,"data_scanned_in_bytes":N}';

