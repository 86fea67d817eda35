{{ config(materialized='table', s3_data_naming='schema_table_unique') }}
select * from {{ ref('animals') }}
