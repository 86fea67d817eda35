{{ config(materialized='view', post_hook={'sql': "create or replace table side.main.there as select 1 as id", 'transaction': false}) }}
select 1 as one
