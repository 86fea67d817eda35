{{ config(materialized='incremental', incremental_strategy='append') }}
select {{ 2 if is_incremental() else 1 }} as id
