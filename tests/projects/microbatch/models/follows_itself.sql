{{ config(materialized='incremental', incremental_strategy='microbatch', event_time="happened", batch_size='day',
          begin=(modules.datetime.datetime.now() - modules.datetime.timedelta(days=4)).strftime('%Y-%m-%d')) }}
-- each batch counts what the batches before it have left in the table
select happened, id, run, {% if is_incremental() %}(select count(*) from {{ this }}){% else %}-1{% endif %} as before from {{ ref('events') }}
