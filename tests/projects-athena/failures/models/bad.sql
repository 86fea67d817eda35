{{ config(materialized='table') }}
select no_such_column from {{ ref('animals') }}
