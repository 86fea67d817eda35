create table if not exists SCHEMA.build_log (logged_at timestamp, what string, how_many bigint)
location 's3://lake/SCHEMA/data/build_log/'
tblproperties ('table_type' = 'iceberg');

create external table `SCHEMA`.`mkt_sls_table__dbt_tmp` (`ord_num` string, `sales_qty_sld` string, `wholesale_cost` string, `lst_pr` string, `sell_pr` string, `disnt` string, `ship_mode` string, `warehouse_id` string, `item_id` string, `ctlg_page` string, `ship_cust_id` string, `bill_cust_id` string, `ord_dt` string)
    row format serde 'org.apache.hadoop.hive.serde2.OpenCSVSerde'
    location 's3://lake/SCHEMA/data/SCHEMA/mkt_sls_table__dbt_tmp/UUID'
    tblproperties (
      'skip.header.line.count'='1'
    );

create table "awsdatacatalog"."SCHEMA"."mkt_sls_table"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/mkt_sls_table/UUID',
      format='parquet'
    )
    as
    select
              cast(nullif("ord_num", '') as bigint) as "ord_num"
            ,
              cast(nullif("sales_qty_sld", '') as integer) as "sales_qty_sld"
            ,
              cast(nullif("wholesale_cost", '') as decimal(10, 2)) as "wholesale_cost"
            ,
              cast(nullif("lst_pr", '') as decimal(10, 2)) as "lst_pr"
            ,
              cast(nullif("sell_pr", '') as decimal(10, 2)) as "sell_pr"
            ,
              cast(nullif("disnt", '') as decimal(10, 2)) as "disnt"
            ,
              cast(nullif("ship_mode", '') as integer) as "ship_mode"
            ,
              cast(nullif("warehouse_id", '') as integer) as "warehouse_id"
            ,
              cast(nullif("item_id", '') as integer) as "item_id"
            ,
              cast(nullif("ctlg_page", '') as integer) as "ctlg_page"
            ,
              cast(nullif("ship_cust_id", '') as integer) as "ship_cust_id"
            ,
              cast(nullif("bill_cust_id", '') as integer) as "bill_cust_id"
            ,
              cast(nullif("ord_dt", '') as date) as "ord_dt"
    from
        "awsdatacatalog"."SCHEMA"."mkt_sls_table__dbt_tmp";

create external table `SCHEMA`.`ship_modes__dbt_tmp` (`ship_mode` string, `ship_mode_name` string, `is_express` string)
    row format serde 'org.apache.hadoop.hive.serde2.OpenCSVSerde'
    location 's3://lake/SCHEMA/data/SCHEMA/ship_modes__dbt_tmp/UUID'
    tblproperties (
      'skip.header.line.count'='1'
    );

create table "awsdatacatalog"."SCHEMA"."ship_modes"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/ship_modes/UUID',
      format='parquet'
    )
    as
    select
              cast(nullif("ship_mode", '') as integer) as "ship_mode"
            ,
              cast(nullif("ship_mode_name", '') as varchar) as "ship_mode_name"
            ,
              cast(nullif("is_express", '') as boolean) as "is_express"
    from
        "awsdatacatalog"."SCHEMA"."ship_modes__dbt_tmp";

create external table `SCHEMA`.`warehouses__dbt_tmp` (`warehouse_id` string, `warehouse_name` string, `region` string, `changed_at` string)
    row format serde 'org.apache.hadoop.hive.serde2.OpenCSVSerde'
    location 's3://lake/SCHEMA/data/SCHEMA/warehouses__dbt_tmp/UUID'
    tblproperties (
      'skip.header.line.count'='1'
    );

create table "awsdatacatalog"."SCHEMA"."warehouses"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/warehouses/UUID',
      format='parquet'
    )
    as
    select
              cast(nullif("warehouse_id", '') as integer) as "warehouse_id"
            ,
              cast(nullif("warehouse_name", '') as varchar) as "warehouse_name"
            ,
              cast(nullif("region", '') as varchar) as "region"
            ,
              cast(nullif("changed_at", '') as timestamp(6)) as "changed_at"
    from
        "awsdatacatalog"."SCHEMA"."warehouses__dbt_tmp";

select
      count(*) as failures,
      count(*) >1 as should_warn,
      count(*) != 0 as should_error
    from (
select ctlg_page
from "awsdatacatalog"."SCHEMA"."mkt_sls_table"
where ctlg_page is null
    ) dbt_internal_test;

select
      count(*) as failures,
      count(*) != 0 as should_warn,
      count(*) != 0 as should_error
    from (
select ord_dt
from "awsdatacatalog"."SCHEMA"."mkt_sls_table"
where ord_dt is null
    ) dbt_internal_test;

select
      count(*) as failures,
      count(*) != 0 as should_warn,
      count(*) != 0 as should_error
    from (
select ord_num
from "awsdatacatalog"."SCHEMA"."mkt_sls_table"
where ord_num is null
    ) dbt_internal_test;

select
      count(*) as failures,
      count(*) != 0 as should_warn,
      count(*) != 0 as should_error
    from (
select
    ord_num as unique_field,
    count(*) as n_records
from "awsdatacatalog"."SCHEMA"."mkt_sls_table"
where ord_num is not null
group by ord_num
having count(*) > 1
    ) dbt_internal_test;

select
      count(*) as failures,
      count(*) != 0 as should_warn,
      count(*) != 0 as should_error
    from (
select ship_mode
from "awsdatacatalog"."SCHEMA"."ship_modes"
where ship_mode is null
    ) dbt_internal_test;

select
      count(*) as failures,
      count(*) != 0 as should_warn,
      count(*) != 0 as should_error
    from (
select
    ship_mode as unique_field,
    count(*) as n_records
from "awsdatacatalog"."SCHEMA"."ship_modes"
where ship_mode is not null
group by ship_mode
having count(*) > 1
    ) dbt_internal_test;

select
      count(*) as failures,
      count(*) != 0 as should_warn,
      count(*) != 0 as should_error
    from (
select changed_at
from "awsdatacatalog"."SCHEMA"."warehouses"
where changed_at is null
    ) dbt_internal_test;

select
      count(*) as failures,
      count(*) != 0 as should_warn,
      count(*) != 0 as should_error
    from (
select warehouse_id
from "awsdatacatalog"."SCHEMA"."warehouses"
where warehouse_id is null
    ) dbt_internal_test;

select
      count(*) as failures,
      count(*) != 0 as should_warn,
      count(*) != 0 as should_error
    from (
select
    warehouse_id as unique_field,
    count(*) as n_records
from "awsdatacatalog"."SCHEMA"."warehouses"
where warehouse_id is not null
group by warehouse_id
having count(*) > 1
    ) dbt_internal_test;

create or replace view
    "awsdatacatalog"."SCHEMA"."stg_sales"
  as
    -- The one place that knows the export's names. Everything else uses the names of the business.
with exported as (
select * from "awsdatacatalog"."SCHEMA"."mkt_sls_table"
)
select
    ord_num as order_number,
    ord_dt as ordered_on,
    sales_qty_sld as quantity,
    wholesale_cost,
    lst_pr as list_price,
    sell_pr as selling_price,
    disnt as discount,
    ship_mode,
    warehouse_id,
    item_id,
    ctlg_page as catalogue_page,
    ship_cust_id as shipped_to_customer_id,
    bill_cust_id as billed_customer_id
from exported;

create table "awsdatacatalog"."SCHEMA"."warehouses_history"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/warehouses_history/UUID',
      format='parquet'
    )
    as
select *,
        to_hex(md5(to_utf8(coalesce(cast(warehouse_id as varchar ), '')
         || '|' || coalesce(cast(changed_at as varchar ), '')
        ))) as dbt_scd_id,
        changed_at as dbt_updated_at,
        changed_at as dbt_valid_from,
  coalesce(nullif(changed_at, changed_at), cast('9999-12-31' as timestamp))
  as dbt_valid_to
from (
        select * from "awsdatacatalog"."SCHEMA"."warehouses"
    ) sbq;

select
      count(*) as failures,
      count(*) != 0 as should_warn,
      count(*) != 0 as should_error
    from (
select order_number
from "awsdatacatalog"."SCHEMA"."stg_sales"
where order_number is null
    ) dbt_internal_test;

select
      count(*) as failures,
      count(*) != 0 as should_warn,
      count(*) != 0 as should_error
    from (
select quantity
from "awsdatacatalog"."SCHEMA"."stg_sales"
where quantity <= 0
    ) dbt_internal_test;

select
      count(*) as failures,
      count(*) != 0 as should_warn,
      count(*) != 0 as should_error
    from (
with child as (
    select ship_mode as from_field
    from "awsdatacatalog"."SCHEMA"."stg_sales"
    where ship_mode is not null
),
parent as (
    select ship_mode as to_field
    from "awsdatacatalog"."SCHEMA"."ship_modes"
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
    order_number as unique_field,
    count(*) as n_records
from "awsdatacatalog"."SCHEMA"."stg_sales"
where order_number is not null
group by order_number
having count(*) > 1
    ) dbt_internal_test;

select
      count(*) as failures,
      count(*) != 0 as should_warn,
      count(*) != 0 as should_error
    from (
select warehouse_id
from "awsdatacatalog"."SCHEMA"."warehouses_history"
where warehouse_id is null
    ) dbt_internal_test;

create table "awsdatacatalog"."SCHEMA"."deep_discounts__dbt_tmp"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/deep_discounts__dbt_tmp/UUID',
      format='parquet'
    )
    as
      select * from (
        with __dbt__cte__stg_sales as (
-- Fixture for stg_sales
select try_cast('1' as bigint) as "order_number", try_cast(null as date) as "ordered_on", try_cast(null as int) as "quantity", try_cast(null as decimal(10,2)) as "wholesale_cost", try_cast('10.00' as decimal(10,2)) as "list_price", try_cast(null as decimal(10,2)) as "selling_price", try_cast('4.99' as decimal(10,2)) as "discount", try_cast(null as int) as "ship_mode", try_cast(null as int) as "warehouse_id", try_cast(null as int) as "item_id", try_cast(null as int) as "catalogue_page", try_cast(null as int) as "shipped_to_customer_id", try_cast(null as int) as "billed_customer_id"
union all
select try_cast('2' as bigint) as "order_number", try_cast(null as date) as "ordered_on", try_cast(null as int) as "quantity", try_cast(null as decimal(10,2)) as "wholesale_cost", try_cast('10.00' as decimal(10,2)) as "list_price", try_cast(null as decimal(10,2)) as "selling_price", try_cast('5.00' as decimal(10,2)) as "discount", try_cast(null as int) as "ship_mode", try_cast(null as int) as "warehouse_id", try_cast(null as int) as "item_id", try_cast(null as int) as "catalogue_page", try_cast(null as int) as "shipped_to_customer_id", try_cast(null as int) as "billed_customer_id"
union all
select try_cast('3' as bigint) as "order_number", try_cast(null as date) as "ordered_on", try_cast(null as int) as "quantity", try_cast(null as decimal(10,2)) as "wholesale_cost", try_cast('0.00' as decimal(10,2)) as "list_price", try_cast(null as decimal(10,2)) as "selling_price", try_cast('0.00' as decimal(10,2)) as "discount", try_cast(null as int) as "ship_mode", try_cast(null as int) as "warehouse_id", try_cast(null as int) as "item_id", try_cast(null as int) as "catalogue_page", try_cast(null as int) as "shipped_to_customer_id", try_cast(null as int) as "billed_customer_id"
) -- What an order is worth. It is a step of its own so that the arithmetic can be tested without any table: see intermediate.yml. The casts and
-- the product in place of a quotient are there because engines widen and round decimals differently.
select
    order_number,
    ordered_on,
    quantity,
    ship_mode,
    warehouse_id,
    item_id,
    billed_customer_id,
    cast(quantity * list_price as decimal(18, 2)) as list_amount,
    cast(quantity * selling_price as decimal(18, 2)) as net_amount,
    cast((selling_price - wholesale_cost) * quantity as decimal(18, 2)) as margin,
    discount >= 0.5 * nullif(list_price, 0) as is_deeply_discounted
from __dbt__cte__stg_sales
    ) as __dbt_sbq
    where false
    limit 0;

-- Build actual result given inputs
with dbt_internal_unit_test_actual as (
  select
    "order_number","is_deeply_discounted", 'actual' as "actual_or_expected"
  from (
    with __dbt__cte__stg_sales as (
-- Fixture for stg_sales
select try_cast('1' as bigint) as "order_number", try_cast(null as date) as "ordered_on", try_cast(null as int) as "quantity", try_cast(null as decimal(10,2)) as "wholesale_cost", try_cast('10.00' as decimal(10,2)) as "list_price", try_cast(null as decimal(10,2)) as "selling_price", try_cast('4.99' as decimal(10,2)) as "discount", try_cast(null as int) as "ship_mode", try_cast(null as int) as "warehouse_id", try_cast(null as int) as "item_id", try_cast(null as int) as "catalogue_page", try_cast(null as int) as "shipped_to_customer_id", try_cast(null as int) as "billed_customer_id"
union all
select try_cast('2' as bigint) as "order_number", try_cast(null as date) as "ordered_on", try_cast(null as int) as "quantity", try_cast(null as decimal(10,2)) as "wholesale_cost", try_cast('10.00' as decimal(10,2)) as "list_price", try_cast(null as decimal(10,2)) as "selling_price", try_cast('5.00' as decimal(10,2)) as "discount", try_cast(null as int) as "ship_mode", try_cast(null as int) as "warehouse_id", try_cast(null as int) as "item_id", try_cast(null as int) as "catalogue_page", try_cast(null as int) as "shipped_to_customer_id", try_cast(null as int) as "billed_customer_id"
union all
select try_cast('3' as bigint) as "order_number", try_cast(null as date) as "ordered_on", try_cast(null as int) as "quantity", try_cast(null as decimal(10,2)) as "wholesale_cost", try_cast('0.00' as decimal(10,2)) as "list_price", try_cast(null as decimal(10,2)) as "selling_price", try_cast('0.00' as decimal(10,2)) as "discount", try_cast(null as int) as "ship_mode", try_cast(null as int) as "warehouse_id", try_cast(null as int) as "item_id", try_cast(null as int) as "catalogue_page", try_cast(null as int) as "shipped_to_customer_id", try_cast(null as int) as "billed_customer_id"
) -- What an order is worth. It is a step of its own so that the arithmetic can be tested without any table: see intermediate.yml. The casts and
-- the product in place of a quotient are there because engines widen and round decimals differently.
select
    order_number,
    ordered_on,
    quantity,
    ship_mode,
    warehouse_id,
    item_id,
    billed_customer_id,
    cast(quantity * list_price as decimal(18, 2)) as list_amount,
    cast(quantity * selling_price as decimal(18, 2)) as net_amount,
    cast((selling_price - wholesale_cost) * quantity as decimal(18, 2)) as margin,
    discount >= 0.5 * nullif(list_price, 0) as is_deeply_discounted
from __dbt__cte__stg_sales
  ) _dbt_internal_unit_test_actual
),
-- Build expected result
dbt_internal_unit_test_expected as (
  select
    "order_number", "is_deeply_discounted", 'expected' as "actual_or_expected"
  from (
    select try_cast('1' as bigint) as "order_number", try_cast('false' as boolean) as "is_deeply_discounted"
union all
select try_cast('2' as bigint) as "order_number", try_cast('true' as boolean) as "is_deeply_discounted"
union all
select try_cast('3' as bigint) as "order_number", try_cast(null as boolean) as "is_deeply_discounted"
  ) _dbt_internal_unit_test_expected
)
-- Union actual and expected results
select * from dbt_internal_unit_test_actual
union all
select * from dbt_internal_unit_test_expected;

create table "awsdatacatalog"."SCHEMA"."amounts_of_an_order__dbt_tmp"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/amounts_of_an_order__dbt_tmp/UUID',
      format='parquet'
    )
    as
      select * from (
        with __dbt__cte__stg_sales as (
-- Fixture for stg_sales
select try_cast(1 as bigint) as "order_number", try_cast(null as date) as "ordered_on", try_cast(10 as int) as "quantity", try_cast(4.0 as decimal(10,2)) as "wholesale_cost", try_cast(9.0 as decimal(10,2)) as "list_price", try_cast(8.0 as decimal(10,2)) as "selling_price", try_cast(null as decimal(10,2)) as "discount", try_cast(null as int) as "ship_mode", try_cast(null as int) as "warehouse_id", try_cast(null as int) as "item_id", try_cast(null as int) as "catalogue_page", try_cast(null as int) as "shipped_to_customer_id", try_cast(null as int) as "billed_customer_id"
union all
select try_cast(2 as bigint) as "order_number", try_cast(null as date) as "ordered_on", try_cast(1 as int) as "quantity", try_cast(4.0 as decimal(10,2)) as "wholesale_cost", try_cast(9.0 as decimal(10,2)) as "list_price", try_cast(3.0 as decimal(10,2)) as "selling_price", try_cast(null as decimal(10,2)) as "discount", try_cast(null as int) as "ship_mode", try_cast(null as int) as "warehouse_id", try_cast(null as int) as "item_id", try_cast(null as int) as "catalogue_page", try_cast(null as int) as "shipped_to_customer_id", try_cast(null as int) as "billed_customer_id"
) -- What an order is worth. It is a step of its own so that the arithmetic can be tested without any table: see intermediate.yml. The casts and
-- the product in place of a quotient are there because engines widen and round decimals differently.
select
    order_number,
    ordered_on,
    quantity,
    ship_mode,
    warehouse_id,
    item_id,
    billed_customer_id,
    cast(quantity * list_price as decimal(18, 2)) as list_amount,
    cast(quantity * selling_price as decimal(18, 2)) as net_amount,
    cast((selling_price - wholesale_cost) * quantity as decimal(18, 2)) as margin,
    discount >= 0.25 * nullif(list_price, 0) as is_deeply_discounted
from __dbt__cte__stg_sales
    ) as __dbt_sbq
    where false
    limit 0;

-- Build actual result given inputs
with dbt_internal_unit_test_actual as (
  select
    "order_number","list_amount","net_amount","margin", 'actual' as "actual_or_expected"
  from (
    with __dbt__cte__stg_sales as (
-- Fixture for stg_sales
select try_cast(1 as bigint) as "order_number", try_cast(null as date) as "ordered_on", try_cast(10 as int) as "quantity", try_cast(4.0 as decimal(10,2)) as "wholesale_cost", try_cast(9.0 as decimal(10,2)) as "list_price", try_cast(8.0 as decimal(10,2)) as "selling_price", try_cast(null as decimal(10,2)) as "discount", try_cast(null as int) as "ship_mode", try_cast(null as int) as "warehouse_id", try_cast(null as int) as "item_id", try_cast(null as int) as "catalogue_page", try_cast(null as int) as "shipped_to_customer_id", try_cast(null as int) as "billed_customer_id"
union all
select try_cast(2 as bigint) as "order_number", try_cast(null as date) as "ordered_on", try_cast(1 as int) as "quantity", try_cast(4.0 as decimal(10,2)) as "wholesale_cost", try_cast(9.0 as decimal(10,2)) as "list_price", try_cast(3.0 as decimal(10,2)) as "selling_price", try_cast(null as decimal(10,2)) as "discount", try_cast(null as int) as "ship_mode", try_cast(null as int) as "warehouse_id", try_cast(null as int) as "item_id", try_cast(null as int) as "catalogue_page", try_cast(null as int) as "shipped_to_customer_id", try_cast(null as int) as "billed_customer_id"
) -- What an order is worth. It is a step of its own so that the arithmetic can be tested without any table: see intermediate.yml. The casts and
-- the product in place of a quotient are there because engines widen and round decimals differently.
select
    order_number,
    ordered_on,
    quantity,
    ship_mode,
    warehouse_id,
    item_id,
    billed_customer_id,
    cast(quantity * list_price as decimal(18, 2)) as list_amount,
    cast(quantity * selling_price as decimal(18, 2)) as net_amount,
    cast((selling_price - wholesale_cost) * quantity as decimal(18, 2)) as margin,
    discount >= 0.25 * nullif(list_price, 0) as is_deeply_discounted
from __dbt__cte__stg_sales
  ) _dbt_internal_unit_test_actual
),
-- Build expected result
dbt_internal_unit_test_expected as (
  select
    "order_number", "list_amount", "net_amount", "margin", 'expected' as "actual_or_expected"
  from (
    select try_cast(1 as bigint) as "order_number", try_cast(90.0 as decimal(18,2)) as "list_amount", try_cast(80.0 as decimal(18,2)) as "net_amount", try_cast(40.0 as decimal(18,2)) as "margin"
union all
select try_cast(2 as bigint) as "order_number", try_cast(9.0 as decimal(18,2)) as "list_amount", try_cast(3.0 as decimal(18,2)) as "net_amount", try_cast(-1.0 as decimal(18,2)) as "margin"
  ) _dbt_internal_unit_test_expected
)
-- Union actual and expected results
select * from dbt_internal_unit_test_actual
union all
select * from dbt_internal_unit_test_expected;

create or replace view
    "awsdatacatalog"."SCHEMA"."stg_warehouses"
  as
    -- Reads the history and not the seed, so that an order finds the warehouse as it was on its day.
select
    warehouse_id,
    warehouse_name,
    upper(region) as region,
    dbt_valid_from as valid_from,
    dbt_valid_to as valid_to
from "awsdatacatalog"."SCHEMA"."warehouses_history";

select
      count(*) as failures,
      count(*) != 0 as should_warn,
      count(*) != 0 as should_error
    from (
with all_values as (
select
        region as value_field,
        count(*) as n_records
from "awsdatacatalog"."SCHEMA"."stg_warehouses"
    group by region
)
select *
from all_values
where value_field not in (
    'EU','US','JP'
)
    ) dbt_internal_test;

select
      count(*) as failures,
      count(*) != 0 as should_warn,
      count(*) != 0 as should_error
    from (
with child as (
    select warehouse_id as from_field
    from "awsdatacatalog"."SCHEMA"."stg_sales"
    where warehouse_id is not null
),
parent as (
    select warehouse_id as to_field
    from "awsdatacatalog"."SCHEMA"."stg_warehouses"
)
select
    from_field
from child
left join parent
    on child.from_field = parent.to_field
where parent.to_field is null
    ) dbt_internal_test;

create table "awsdatacatalog"."SCHEMA"."first_build_takes_all__dbt_tmp"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/first_build_takes_all__dbt_tmp/UUID',
      format='parquet'
    )
    as
      select * from (
        with __dbt__cte__fct_sales as (
select 0 as order_number, date '2024-03-10' as ordered_on
),  __dbt__cte__int_priced_sales as (
select 1 as order_number, date '2024-03-01' as ordered_on, 12 as ship_mode, 13 as warehouse_id, 5 as quantity, 7 as billed_customer_id,
    23 as item_id, 50.00 as list_amount, 45.00 as net_amount, 20.00 as margin, false as is_deeply_discounted
union all
select 2, date '2024-03-08', 12, 13, 6, 7, 23, 60.00, 55.00, 25.00, false
),  __dbt__cte__ship_modes as (
-- Fixture for ship_modes
select try_cast(12 as int) as "ship_mode", try_cast('Ground' as varchar) as "ship_mode_name", try_cast(False as boolean) as "is_express"
),  __dbt__cte__stg_warehouses as (
-- Fixture for stg_warehouses
select try_cast(13 as int) as "warehouse_id", try_cast(null as varchar) as "warehouse_name", try_cast('EU' as varchar) as "region", try_cast('2019-01-01' as timestamp) as "valid_from", try_cast('2024-03-05' as timestamp) as "valid_to"
union all
select try_cast(13 as int) as "warehouse_id", try_cast(null as varchar) as "warehouse_name", try_cast('US' as varchar) as "region", try_cast('2024-03-05' as timestamp) as "valid_from", try_cast('9999-12-31' as timestamp) as "valid_to"
) -- One row for each order. It is incremental: the first build reads all orders, later ones only the days that can still change, and the
-- orders read again replace what they were: Athena merges them, other engines delete and insert. --full-refresh begins anew.
select
    sales.order_number,
    sales.ordered_on,
    sales.billed_customer_id,
    sales.item_id,
    modes.ship_mode_name,
    modes.is_express,
    warehouses.warehouse_name,
    warehouses.region,
    sales.quantity,
    sales.list_amount,
    sales.net_amount,
    sales.margin,
    sales.is_deeply_discounted,
    cast(now() as timestamp) as loaded_at
from __dbt__cte__int_priced_sales as sales
left join __dbt__cte__ship_modes as modes on sales.ship_mode = modes.ship_mode
left join __dbt__cte__stg_warehouses as warehouses
    on sales.warehouse_id = warehouses.warehouse_id
    and sales.ordered_on >= warehouses.valid_from
    and sales.ordered_on < warehouses.valid_to
) as __dbt_sbq
    where false
    limit 0;

-- Build actual result given inputs
with dbt_internal_unit_test_actual as (
  select
    "order_number","region","ship_mode_name", 'actual' as "actual_or_expected"
  from (
    with __dbt__cte__fct_sales as (
select 0 as order_number, date '2024-03-10' as ordered_on
),  __dbt__cte__int_priced_sales as (
select 1 as order_number, date '2024-03-01' as ordered_on, 12 as ship_mode, 13 as warehouse_id, 5 as quantity, 7 as billed_customer_id,
    23 as item_id, 50.00 as list_amount, 45.00 as net_amount, 20.00 as margin, false as is_deeply_discounted
union all
select 2, date '2024-03-08', 12, 13, 6, 7, 23, 60.00, 55.00, 25.00, false
),  __dbt__cte__ship_modes as (
-- Fixture for ship_modes
select try_cast(12 as int) as "ship_mode", try_cast('Ground' as varchar) as "ship_mode_name", try_cast(False as boolean) as "is_express"
),  __dbt__cte__stg_warehouses as (
-- Fixture for stg_warehouses
select try_cast(13 as int) as "warehouse_id", try_cast(null as varchar) as "warehouse_name", try_cast('EU' as varchar) as "region", try_cast('2019-01-01' as timestamp) as "valid_from", try_cast('2024-03-05' as timestamp) as "valid_to"
union all
select try_cast(13 as int) as "warehouse_id", try_cast(null as varchar) as "warehouse_name", try_cast('US' as varchar) as "region", try_cast('2024-03-05' as timestamp) as "valid_from", try_cast('9999-12-31' as timestamp) as "valid_to"
) -- One row for each order. It is incremental: the first build reads all orders, later ones only the days that can still change, and the
-- orders read again replace what they were: Athena merges them, other engines delete and insert. --full-refresh begins anew.
select
    sales.order_number,
    sales.ordered_on,
    sales.billed_customer_id,
    sales.item_id,
    modes.ship_mode_name,
    modes.is_express,
    warehouses.warehouse_name,
    warehouses.region,
    sales.quantity,
    sales.list_amount,
    sales.net_amount,
    sales.margin,
    sales.is_deeply_discounted,
    cast(now() as timestamp) as loaded_at
from __dbt__cte__int_priced_sales as sales
left join __dbt__cte__ship_modes as modes on sales.ship_mode = modes.ship_mode
left join __dbt__cte__stg_warehouses as warehouses
    on sales.warehouse_id = warehouses.warehouse_id
    and sales.ordered_on >= warehouses.valid_from
    and sales.ordered_on < warehouses.valid_to
  ) _dbt_internal_unit_test_actual
),
-- Build expected result
dbt_internal_unit_test_expected as (
  select
    "order_number", "region", "ship_mode_name", 'expected' as "actual_or_expected"
  from (
    select try_cast('1' as int) as "order_number", try_cast('EU' as varchar) as "region", try_cast('Ground' as varchar) as "ship_mode_name"
union all
select try_cast('2' as int) as "order_number", try_cast('US' as varchar) as "region", try_cast('Ground' as varchar) as "ship_mode_name"
  ) _dbt_internal_unit_test_expected
)
-- Union actual and expected results
select * from dbt_internal_unit_test_actual
union all
select * from dbt_internal_unit_test_expected;

create table "awsdatacatalog"."SCHEMA"."later_builds_take_the_last_days__dbt_tmp"
    with (
      table_type='hive',
      is_external=true,external_location='s3://lake/SCHEMA/data/SCHEMA/later_builds_take_the_last_days__dbt_tmp/UUID',
      format='parquet'
    )
    as
      select * from (
        with __dbt__cte__fct_sales as (
select 0 as order_number, date '2024-03-10' as ordered_on
),  __dbt__cte__int_priced_sales as (
select 1 as order_number, date '2024-03-01' as ordered_on, 12 as ship_mode, 13 as warehouse_id, 5 as quantity, 7 as billed_customer_id,
    23 as item_id, 50.00 as list_amount, 45.00 as net_amount, 20.00 as margin, false as is_deeply_discounted
union all
select 2, date '2024-03-08', 12, 13, 6, 7, 23, 60.00, 55.00, 25.00, false
),  __dbt__cte__ship_modes as (
-- Fixture for ship_modes
select try_cast(12 as int) as "ship_mode", try_cast('Ground' as varchar) as "ship_mode_name", try_cast(False as boolean) as "is_express"
),  __dbt__cte__stg_warehouses as (
-- Fixture for stg_warehouses
select try_cast(13 as int) as "warehouse_id", try_cast(null as varchar) as "warehouse_name", try_cast('EU' as varchar) as "region", try_cast('2019-01-01' as timestamp) as "valid_from", try_cast('2024-03-05' as timestamp) as "valid_to"
union all
select try_cast(13 as int) as "warehouse_id", try_cast(null as varchar) as "warehouse_name", try_cast('US' as varchar) as "region", try_cast('2024-03-05' as timestamp) as "valid_from", try_cast('9999-12-31' as timestamp) as "valid_to"
) -- One row for each order. It is incremental: the first build reads all orders, later ones only the days that can still change, and the
-- orders read again replace what they were: Athena merges them, other engines delete and insert. --full-refresh begins anew.
select
    sales.order_number,
    sales.ordered_on,
    sales.billed_customer_id,
    sales.item_id,
    modes.ship_mode_name,
    modes.is_express,
    warehouses.warehouse_name,
    warehouses.region,
    sales.quantity,
    sales.list_amount,
    sales.net_amount,
    sales.margin,
    sales.is_deeply_discounted,
    cast(now() as timestamp) as loaded_at
from __dbt__cte__int_priced_sales as sales
left join __dbt__cte__ship_modes as modes on sales.ship_mode = modes.ship_mode
left join __dbt__cte__stg_warehouses as warehouses
    on sales.warehouse_id = warehouses.warehouse_id
    and sales.ordered_on >= warehouses.valid_from
    and sales.ordered_on < warehouses.valid_to
-- From the newest day that the table has, so many days back: the table itself remembers how far it is.
where sales.ordered_on > (select date_add('day', -3, max(ordered_on)) from __dbt__cte__fct_sales)
) as __dbt_sbq
    where false
    limit 0;

-- Build actual result given inputs
with dbt_internal_unit_test_actual as (
  select
    "order_number","region", 'actual' as "actual_or_expected"
  from (
    with __dbt__cte__fct_sales as (
select 0 as order_number, date '2024-03-10' as ordered_on
),  __dbt__cte__int_priced_sales as (
select 1 as order_number, date '2024-03-01' as ordered_on, 12 as ship_mode, 13 as warehouse_id, 5 as quantity, 7 as billed_customer_id,
    23 as item_id, 50.00 as list_amount, 45.00 as net_amount, 20.00 as margin, false as is_deeply_discounted
union all
select 2, date '2024-03-08', 12, 13, 6, 7, 23, 60.00, 55.00, 25.00, false
),  __dbt__cte__ship_modes as (
-- Fixture for ship_modes
select try_cast(12 as int) as "ship_mode", try_cast('Ground' as varchar) as "ship_mode_name", try_cast(False as boolean) as "is_express"
),  __dbt__cte__stg_warehouses as (
-- Fixture for stg_warehouses
select try_cast(13 as int) as "warehouse_id", try_cast(null as varchar) as "warehouse_name", try_cast('EU' as varchar) as "region", try_cast('2019-01-01' as timestamp) as "valid_from", try_cast('2024-03-05' as timestamp) as "valid_to"
union all
select try_cast(13 as int) as "warehouse_id", try_cast(null as varchar) as "warehouse_name", try_cast('US' as varchar) as "region", try_cast('2024-03-05' as timestamp) as "valid_from", try_cast('9999-12-31' as timestamp) as "valid_to"
) -- One row for each order. It is incremental: the first build reads all orders, later ones only the days that can still change, and the
-- orders read again replace what they were: Athena merges them, other engines delete and insert. --full-refresh begins anew.
select
    sales.order_number,
    sales.ordered_on,
    sales.billed_customer_id,
    sales.item_id,
    modes.ship_mode_name,
    modes.is_express,
    warehouses.warehouse_name,
    warehouses.region,
    sales.quantity,
    sales.list_amount,
    sales.net_amount,
    sales.margin,
    sales.is_deeply_discounted,
    cast(now() as timestamp) as loaded_at
from __dbt__cte__int_priced_sales as sales
left join __dbt__cte__ship_modes as modes on sales.ship_mode = modes.ship_mode
left join __dbt__cte__stg_warehouses as warehouses
    on sales.warehouse_id = warehouses.warehouse_id
    and sales.ordered_on >= warehouses.valid_from
    and sales.ordered_on < warehouses.valid_to
-- From the newest day that the table has, so many days back: the table itself remembers how far it is.
where sales.ordered_on > (select date_add('day', -3, max(ordered_on)) from __dbt__cte__fct_sales)
  ) _dbt_internal_unit_test_actual
),
-- Build expected result
dbt_internal_unit_test_expected as (
  select
    "order_number", "region", 'expected' as "actual_or_expected"
  from (
    select try_cast(2 as int) as "order_number", try_cast('US' as varchar) as "region"
  ) _dbt_internal_unit_test_expected
)
-- Union actual and expected results
select * from dbt_internal_unit_test_actual
union all
select * from dbt_internal_unit_test_expected;

select * from (
        with __dbt__cte__int_priced_sales as (
-- What an order is worth. It is a step of its own so that the arithmetic can be tested without any table: see intermediate.yml. The casts and
-- the product in place of a quotient are there because engines widen and round decimals differently.
select
    order_number,
    ordered_on,
    quantity,
    ship_mode,
    warehouse_id,
    item_id,
    billed_customer_id,
    cast(quantity * list_price as decimal(18, 2)) as list_amount,
    cast(quantity * selling_price as decimal(18, 2)) as net_amount,
    cast((selling_price - wholesale_cost) * quantity as decimal(18, 2)) as margin,
    discount >= 0.25 * nullif(list_price, 0) as is_deeply_discounted
from "awsdatacatalog"."SCHEMA"."stg_sales"
) -- One row for each order. It is incremental: the first build reads all orders, later ones only the days that can still change, and the
-- orders read again replace what they were: Athena merges them, other engines delete and insert. --full-refresh begins anew.
select
    sales.order_number,
    sales.ordered_on,
    sales.billed_customer_id,
    sales.item_id,
    modes.ship_mode_name,
    modes.is_express,
    warehouses.warehouse_name,
    warehouses.region,
    sales.quantity,
    sales.list_amount,
    sales.net_amount,
    sales.margin,
    sales.is_deeply_discounted,
    cast(now() as timestamp(6)) as loaded_at
from __dbt__cte__int_priced_sales as sales
left join "awsdatacatalog"."SCHEMA"."ship_modes" as modes on sales.ship_mode = modes.ship_mode
left join "awsdatacatalog"."SCHEMA"."stg_warehouses" as warehouses
    on sales.warehouse_id = warehouses.warehouse_id
    and sales.ordered_on >= warehouses.valid_from
    and sales.ordered_on < warehouses.valid_to
) as __dbt_sbq
    where false
    limit 0;

select * from (
        select
        cast(null as bigint) as order_number,
        cast(null as date) as ordered_on,
        cast(null as integer) as billed_customer_id,
        cast(null as integer) as item_id,
        cast(null as varchar) as ship_mode_name,
        cast(null as boolean) as is_express,
        cast(null as varchar) as warehouse_name,
        cast(null as varchar) as region,
        cast(null as integer) as quantity,
        cast(null as decimal(18, 2)) as list_amount,
        cast(null as decimal(18, 2)) as net_amount,
        cast(null as decimal(18, 2)) as margin,
        cast(null as boolean) as is_deeply_discounted,
        cast(null as timestamp) as loaded_at
    ) as __dbt_sbq
    where false
    limit 0;

create table "awsdatacatalog"."SCHEMA"."fct_sales"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/fct_sales/UUID',
      format='parquet'
    )
    as
      with __dbt__cte__int_priced_sales as (
-- What an order is worth. It is a step of its own so that the arithmetic can be tested without any table: see intermediate.yml. The casts and
-- the product in place of a quotient are there because engines widen and round decimals differently.
select
    order_number,
    ordered_on,
    quantity,
    ship_mode,
    warehouse_id,
    item_id,
    billed_customer_id,
    cast(quantity * list_price as decimal(18, 2)) as list_amount,
    cast(quantity * selling_price as decimal(18, 2)) as net_amount,
    cast((selling_price - wholesale_cost) * quantity as decimal(18, 2)) as margin,
    discount >= 0.25 * nullif(list_price, 0) as is_deeply_discounted
from "awsdatacatalog"."SCHEMA"."stg_sales"
) -- One row for each order. It is incremental: the first build reads all orders, later ones only the days that can still change, and the
-- orders read again replace what they were: Athena merges them, other engines delete and insert. --full-refresh begins anew.
select
    sales.order_number,
    sales.ordered_on,
    sales.billed_customer_id,
    sales.item_id,
    modes.ship_mode_name,
    modes.is_express,
    warehouses.warehouse_name,
    warehouses.region,
    sales.quantity,
    sales.list_amount,
    sales.net_amount,
    sales.margin,
    sales.is_deeply_discounted,
    cast(now() as timestamp(6)) as loaded_at
from __dbt__cte__int_priced_sales as sales
left join "awsdatacatalog"."SCHEMA"."ship_modes" as modes on sales.ship_mode = modes.ship_mode
left join "awsdatacatalog"."SCHEMA"."stg_warehouses" as warehouses
    on sales.warehouse_id = warehouses.warehouse_id
    and sales.ordered_on >= warehouses.valid_from
    and sales.ordered_on < warehouses.valid_to;

select '{"rowcount":11,"data_scanned_in_bytes":N}';

insert into SCHEMA.build_log
select cast(cast(now() as timestamp(6)) as timestamp), 'rows of fct_sales', count(*) from "awsdatacatalog"."SCHEMA"."fct_sales";

select
      count(*) as failures,
      count(*) != 0 as should_warn,
      count(*) != 0 as should_error
    from (
select region
from "awsdatacatalog"."SCHEMA"."fct_sales"
where region is null
    ) dbt_internal_test;

select
      count(*) as failures,
      count(*) != 0 as should_warn,
      count(*) != 0 as should_error
    from (
select
    order_number as unique_field,
    count(*) as n_records
from "awsdatacatalog"."SCHEMA"."fct_sales"
where order_number is not null
group by order_number
having count(*) > 1
    ) dbt_internal_test;

create or replace view
    "awsdatacatalog"."SCHEMA"."customer_sales"
  as
    -- A view although it is a mart: few look at it, and then at the newest.
select
    billed_customer_id as customer_id,
    count(*) as orders,
    sum(net_amount) as net_amount,
    sum(margin) as margin,
    count(case when is_deeply_discounted then 1 end) as deeply_discounted_orders
from "awsdatacatalog"."SCHEMA"."fct_sales"
group by billed_customer_id;

create table "awsdatacatalog"."SCHEMA"."sales_by_region"
    with (
      table_type='iceberg',
      is_external=false,location='s3://lake/SCHEMA/data/SCHEMA/sales_by_region/UUID',
      format='parquet'
    )
    as
      -- What the dashboard reads, as a table: it is small, and read more often than built.
select
    region,
    count(*) as orders,
    sum(quantity) as quantity,
    sum(list_amount) as list_amount,
    sum(net_amount) as net_amount,
    sum(margin) as margin
from "awsdatacatalog"."SCHEMA"."fct_sales"
group by region
order by region;

SELECT '{"rowcount":3,"data_scanned_in_bytes":N}';

select
      count(*) as failures,
      count(*) != 0 as should_warn,
      count(*) != 0 as should_error
    from (
select customer_id
from "awsdatacatalog"."SCHEMA"."customer_sales"
where customer_id is null
    ) dbt_internal_test;

select
      count(*) as failures,
      count(*) != 0 as should_warn,
      count(*) != 0 as should_error
    from (
select
    customer_id as unique_field,
    count(*) as n_records
from "awsdatacatalog"."SCHEMA"."customer_sales"
where customer_id is not null
group by customer_id
having count(*) > 1
    ) dbt_internal_test;

select
      count(*) as failures,
      count(*) != 0 as should_warn,
      count(*) != 0 as should_error
    from (
select region
from "awsdatacatalog"."SCHEMA"."sales_by_region"
where region is null
    ) dbt_internal_test;

select
      count(*) as failures,
      count(*) != 0 as should_warn,
      count(*) != 0 as should_error
    from (
select net_amount
from "awsdatacatalog"."SCHEMA"."sales_by_region"
where net_amount <= 0
    ) dbt_internal_test;

select
      count(*) as failures,
      count(*) != 0 as should_warn,
      count(*) != 0 as should_error
    from (
  -- What the regions sold is what was sold. A test between two models is a query of its own; it passes if it selects nothing.
with regions as (
select sum(net_amount) as net_amount from "awsdatacatalog"."SCHEMA"."sales_by_region"
),
orders as (
select sum(net_amount) as net_amount from "awsdatacatalog"."SCHEMA"."fct_sales"
)
select regions.net_amount, orders.net_amount as expected
from regions
cross join orders
where regions.net_amount <> orders.net_amount
    ) dbt_internal_test;

select
      count(*) as failures,
      count(*) != 0 as should_warn,
      count(*) != 0 as should_error
    from (
select
    region as unique_field,
    count(*) as n_records
from "awsdatacatalog"."SCHEMA"."sales_by_region"
where region is not null
group by region
having count(*) > 1
    ) dbt_internal_test;

insert into SCHEMA.build_log
values (cast(cast(now() as timestamp) as timestamp), 'nodes of a run', 38),
    (cast(cast(now() as timestamp) as timestamp), 'nodes that failed', 0);

