{{ config(materialized='incremental', incremental_strategy='microbatch', event_time="happened", batch_size='day', post_hook="delete from {{ this }}",
          begin=(modules.datetime.datetime.now() - modules.datetime.timedelta(days=3)).strftime('%Y-%m-%d')) }}
select happened, id, run {% if model.batch and model.batch.event_time_start.date() == modules.datetime.datetime.now().date() %}, no_such_column{% endif %}
from {{ ref('events') }}
