{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='happened', batch_size='day', begin='2024-01-01') }}
select id, part, day, happened, run{{ ', no_such_column' if var('broken') == this.name }},
  {% if var('broken') == this.name ~ '_late' %}cast(case when id = 47 then 'x' else '1' end as integer) + {% endif %}amount as amount
from {{ ref('incoming') }}
