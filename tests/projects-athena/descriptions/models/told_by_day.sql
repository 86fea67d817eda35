{{ config(materialized='table', partitioned_by=['day']) }}
select id, name, day from {{ ref('animals') }}
