{{ config(materialized='table', external_location='s3://lake/' ~ env_var('LAKE_SCHEMA') ~ '/elsewhere/external/') }}
select * from {{ ref('animals') }}
