{{ config(materialized='incremental', incremental_strategy='insert_overwrite', table_type='hive', partitioned_by=['kind']) }}
select id, run, mod(id, 3) as kind from {{ ref('raw') }} where mod(id, 3) <> mod({{ var('run') }}, 3)
