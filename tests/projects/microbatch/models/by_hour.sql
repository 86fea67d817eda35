{{ config(materialized='incremental', incremental_strategy='microbatch', event_time="happened", batch_size='hour', lookback=2, concurrent_batches=true,
          begin=(modules.datetime.datetime.now() - modules.datetime.timedelta(days=1)).strftime('%Y-%m-%dT16:00:00')) }}
select happened, id, run from {{ ref('events') }}
