{{ config(materialized='incremental', incremental_strategy='append', table_type='iceberg') }}
select * from {{ ref('eph_two') }}
