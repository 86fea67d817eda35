{{ config(tags=['new']) }}select 1 as id
