{{ config(materialized='table', database='reading', alias='e') }}
select n from {{ ref('d_home') }}
