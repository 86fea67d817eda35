{{ config(materialized='table', s3_data_naming='unique') }}
select * from {{ ref('animals') }}
