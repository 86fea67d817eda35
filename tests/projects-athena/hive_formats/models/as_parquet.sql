{{ config(materialized='table', format='parquet') }}
select id, name, cast(amount as double) as amount from {{ ref('animals') }}
