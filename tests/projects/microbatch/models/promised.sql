{{ config(materialized='incremental', incremental_strategy='microbatch', event_time="happened", batch_size='day', on_schema_change='append_new_columns', concurrent_batches=false,
          begin=(modules.datetime.datetime.now() - modules.datetime.timedelta(days=3)).strftime('%Y-%m-%d'), indexes=[{'columns': ['id'], 'unique': false}]) }}
select id, happened, run from {{ ref('events') }}
