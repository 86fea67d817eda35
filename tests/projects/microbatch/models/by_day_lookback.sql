{{ config(materialized='incremental', incremental_strategy='microbatch', event_time="happened", batch_size='day', lookback=3, concurrent_batches=false,
          begin=(modules.datetime.datetime.now() - modules.datetime.timedelta(days=4)).strftime('%Y-%m-%d')) }}
select happened, id, run from {{ ref('events') }}
