{{ config(materialized='table', table_type='iceberg', event_time='at') }}
select id, {{ var('run') }} as run, id * {{ var('run') }} as amount, date_add('hour', id, cast(timestamp '2024-01-01 00:00:00' as timestamp(6))) as at
from unnest(sequence(1, 40 + {{ var('run') }})) as t (id)
