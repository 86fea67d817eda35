{{ config(materialized='table', s3_data_naming='table') }}
select * from {{ ref('animals') }}
