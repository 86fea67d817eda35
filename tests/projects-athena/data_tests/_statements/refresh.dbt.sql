create or replace view
    "awsdatacatalog"."SCHEMA"."animals"
  as
select id, cast(name as varchar) as name, amount, day from (values
  (1, 'ant', cast(1.50 as decimal(10, 2)), date '2024-01-01'),
  (2, 'bee', cast(2.50 as decimal(10, 2)), date '2024-01-02'),
  (3, 'cat', cast(3.50 as decimal(10, 2)), date '2024-01-02'),
  (4, cast(null as varchar), cast(null as decimal(10, 2)), date '2024-02-03')
) as t (id, name, amount, day);

create table "awsdatacatalog"."SCHEMA"."stock"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/stock/UUID',
      format='parquet'
    )
    as
select * from "awsdatacatalog"."SCHEMA"."animals";

alter table `SCHEMA`.`stock` set tblproperties ('classification' = 'parquet');

SELECT '{"rowcount":4,"data_scanned_in_bytes":N}';

create table "awsdatacatalog"."SCHEMA_dbt_test__audit"."accepted_values_stock_name__ant__bee"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA_dbt_test__audit/accepted_values_stock_name__ant__bee/UUID',
      format='parquet'
    )
    as
with all_values as (
select
        name as value_field,
        count(*) as n_records
from "awsdatacatalog"."SCHEMA"."stock"
    group by name
)
select *
from all_values
where value_field not in (
    'ant','bee'
);

select
      count(*) as failures,
      count(*) != 0 as should_warn,
      count(*) != 0 as should_error
    from (
        select *
        from "awsdatacatalog"."SCHEMA_dbt_test__audit"."accepted_values_stock_name__ant__bee"
    ) dbt_internal_test;

select
      count(*) as failures,
      count(*) != 0 as should_warn,
      count(*) != 0 as should_error
    from (
  select id from "awsdatacatalog"."SCHEMA"."stock" where amount > 3
    ) dbt_internal_test;

create table "awsdatacatalog"."SCHEMA_dbt_test__audit"."not_null_stock_id"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA_dbt_test__audit/not_null_stock_id/UUID',
      format='parquet'
    )
    as
select *
from "awsdatacatalog"."SCHEMA"."stock"
where id is null;

select
      count(*) as failures,
      count(*) != 0 as should_warn,
      count(*) != 0 as should_error
    from (
        select *
        from "awsdatacatalog"."SCHEMA_dbt_test__audit"."not_null_stock_id"
    ) dbt_internal_test;

create table "awsdatacatalog"."SCHEMA_dbt_test__audit"."not_null_stock_name"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA_dbt_test__audit/not_null_stock_name/UUID',
      format='parquet'
    )
    as
select *
from "awsdatacatalog"."SCHEMA"."stock"
where name is null;

select
      count(*) as failures,
      count(*) != 0 as should_warn,
      count(*) != 0 as should_error
    from (
        select *
        from "awsdatacatalog"."SCHEMA_dbt_test__audit"."not_null_stock_name"
    ) dbt_internal_test;

select
      count(*) as failures,
      count(*) != 0 as should_warn,
      count(*) != 0 as should_error
    from (
with child as (
    select id as from_field
    from "awsdatacatalog"."SCHEMA"."stock"
    where id is not null
),
parent as (
    select id as to_field
    from "awsdatacatalog"."SCHEMA"."animals"
)
select
    from_field
from child
left join parent
    on child.from_field = parent.to_field
where parent.to_field is null
    ) dbt_internal_test;

select
      count(*) as failures,
      count(*) != 0 as should_warn,
      count(*) != 0 as should_error
    from (
select
    id as unique_field,
    count(*) as n_records
from "awsdatacatalog"."SCHEMA"."stock"
where id is not null
group by id
having count(*) > 1
    ) dbt_internal_test;

