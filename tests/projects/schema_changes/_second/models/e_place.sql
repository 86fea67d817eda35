{{ config(materialized='incremental', schema='second', alias='moved') }}
select 2 as id
