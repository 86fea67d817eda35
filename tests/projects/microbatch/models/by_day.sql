{{ config(materialized='incremental', incremental_strategy='microbatch', event_time="happened", batch_size='day',
          begin=(modules.datetime.datetime.now() - modules.datetime.timedelta(days=4)).strftime('%Y-%m-%d'),
          pre_hook="insert into main.seen values ('pre {{ model.name }}')", post_hook="insert into main.seen values ('post {{ model.name }}')") }}
select e.happened, e.id, e.run, n.name, {{ is_incremental() }} as incremental, count(*) over () as in_batch
from {{ ref('events') }} e join {{ ref('names') }} n using (id)
