{{ config(materialized='table', s3_data_naming='schema_table') }}
select * from {{ ref('animals') }}
