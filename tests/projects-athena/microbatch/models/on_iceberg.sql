{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='at', begin='2024-01-01', batch_size='year', table_type='iceberg', unique_key='id') }}
select id, kind, at from {{ ref('events') }}
