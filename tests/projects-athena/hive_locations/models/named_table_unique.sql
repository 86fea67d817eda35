{{ config(materialized='table', s3_data_naming='table_unique') }}
select * from {{ ref('animals') }}
