{{ config(materialized='table') }}
select "group", "with ""quote""" as "from", "größe", "a b" from {{ source('odd_source', 'select') }}
