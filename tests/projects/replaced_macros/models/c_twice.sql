{{ config(materialized='incremental', incremental_strategy='twice') }}
select {{ 2 if is_incremental() else 1 }} as id
