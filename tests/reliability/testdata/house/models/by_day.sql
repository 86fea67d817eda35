{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='happened', batch_size='day', begin='2024-01-01') }}
select {{ row_columns() }} from {{ ref('feed') }}
