{{ config(materialized='table', event_time='happened') }}
select i::int as id, (i % 7)::int as part, timestamp '2024-01-01' + to_days((i % 4)::int) + to_hours((i % 3)::int) as happened, (n * 1000 + i)::int as amount, n as run
from {{ source('raw', 'runs') }}, range(480) r(i){% if var('broken') == 'feed' %}, no_such_table{% endif %}
