{{ config(materialized='view', event_time="happened") }}
-- an event every six hours of the last five days, as seen from midnight, with the number of the run
select date_trunc('day', now()::timestamp) - to_hours(i::int * 6) as happened, i::int as id, (select max(n) from main.runs) as run
from range(1, 21) r(i)
