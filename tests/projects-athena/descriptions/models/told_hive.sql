{{ config(materialized='table', table_type='hive') }}
select id, name, day from {{ ref('animals') }}
