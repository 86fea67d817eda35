{{ config(materialized='table', database='oracle') }}
select count(*) as n from {{ ref('b_view') }}
