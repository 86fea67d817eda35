{{ config(materialized='incremental', incremental_strategy='microbatch', event_time="happened", batch_size='year',
          begin=(modules.datetime.datetime.now() - modules.datetime.timedelta(days=400)).strftime('%Y-01-01')) }}
select happened, id, run from {{ ref('events').render() }}
