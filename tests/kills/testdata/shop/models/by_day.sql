{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='at', begin='2024-01-01', batch_size='day', lookback=1, table_type='iceberg') }}
select id, run, at from {{ ref('raw') }}
