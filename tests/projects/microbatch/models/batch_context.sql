{{ config(materialized='incremental', incremental_strategy='microbatch', event_time="happened", batch_size='day',
          begin=(modules.datetime.datetime.now() - modules.datetime.timedelta(days=1)).strftime('%Y-%m-%d')) }}
select happened, id, '{{ model.batch.id | length if model.batch else "" }}' as batch_id_length, '{{ (model.batch.event_time_end - model.batch.event_time_start) if model.batch else "" }}' as span
from {{ ref('events') }}
