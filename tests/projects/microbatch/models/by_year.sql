{{ config(materialized='incremental', incremental_strategy='microbatch', event_time="happened", batch_size='year', lookback=0,
          begin=(modules.datetime.datetime.now() - modules.datetime.timedelta(days=800)).strftime('%Y-%m-%d')) }}
select happened, id, run from {{ ref('events') }}
