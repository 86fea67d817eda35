{{ config(materialized='incremental', incremental_strategy='microbatch', event_time="happened", batch_size='day', full_refresh=true,
          begin=(modules.datetime.datetime.now() - modules.datetime.timedelta(days=4)).strftime('%Y-%m-%d'), post_hook="update {{ this }} set id = id + 1000") }}
select happened, id, run, {{ is_incremental() }} as incremental from {{ ref('events') }}
