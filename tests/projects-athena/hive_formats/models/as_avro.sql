{{ config(materialized='table', format='avro') }}
select id, name, cast(amount as double) as amount from {{ ref('animals') }}
