{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='at', begin='2024-01-01', batch_size='year', lookback=1, partitioned_by=['year']) }}
select id, kind, cast(at as timestamp(3)) as at, year(at) as year from {{ ref('events') }}
