{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='at', begin='2020-01-01', batch_size='year', lookback=0) }}
select id, timestamp '2020-06-01' as at from {{ ref('s') }}
