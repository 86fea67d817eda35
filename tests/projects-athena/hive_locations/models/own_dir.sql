{{ config(materialized='table', s3_data_dir='s3://lake/' ~ env_var('LAKE_SCHEMA') ~ '/own/') }}
select * from {{ ref('animals') }}
