{{ config(materialized='incremental', incremental_strategy='microbatch', event_time="happened", batch_size='day',
          begin=(modules.datetime.datetime.now() - modules.datetime.timedelta(days=2)).strftime('%Y-%m-%d')) }}
select happened, id, run, no_such_column from {{ ref('events') }}
