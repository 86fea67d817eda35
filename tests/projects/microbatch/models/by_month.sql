{{ config(materialized='incremental', incremental_strategy='microbatch', event_time="happened", batch_size='month',
          begin=(modules.datetime.datetime.now() - modules.datetime.timedelta(days=40)).strftime('%Y-%m-%d')) }}
select happened, id, run from {{ ref('events') }}
