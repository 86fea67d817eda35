{{ config(materialized='table', grants={'select': ['somebody']}, indexes=[{'columns': ['id'], 'unique': true}]) }}
select 1 as id, 'x' as "Name"
