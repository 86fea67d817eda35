create or replace view "awsdatacatalog"."SCHEMA"."changing" as
select id, cast(name as varchar) as name, amount, cast(day as date) as day from (values
  (1, 'ant', 10, '2024-01-01'),
  (2, 'wasp', 25, '2024-01-02'),
  (3, 'cat', 30, '2024-01-02'),
  (5, 'eel', 50, '2024-01-05')
) as t (id, name, amount, day);

create table "awsdatacatalog"."SCHEMA"."rules__dbt_tmp"
with (
  table_type = 'iceberg',
  is_external = false,
  location = 's3://lake/SCHEMA/data/SCHEMA/rules/UUID-new/',
  format = 'parquet'
)
as
select id, nullif(name, 'wasp') as name, amount, array['n'] as notes, array[name] as tags, name as label, day from "awsdatacatalog"."SCHEMA"."changing";

merge into "awsdatacatalog"."SCHEMA"."rules" as target
using "awsdatacatalog"."SCHEMA"."rules__dbt_tmp" as src
on (target.id = src.id)
when matched
  then update set "name" = coalesce(src."name", target."name"),
    "amount" = src."amount" + target."amount",
    "notes" = src."notes" || target."notes",
    "tags" = array_distinct(src."tags" || target."tags"),
    "label" = concat(target."label", '>', src."label"),
    "day" = src."day"
when not matched
  then insert ("id", "name", "amount", "notes", "tags", "label", "day")
  values (src."id", src."name", src."amount", src."notes", src."tags", src."label", src."day");

