{{ config(materialized='incremental', incremental_strategy='append', table_type='iceberg') }}
select id, run from {{ ref('raw') }} where mod(id, 2) = 0
