{{ config(materialized='view') }}
-- What runs 1, 2, 3 and 4 see: item 2 changes in run 2 and again in run 4, item 3 is gone in run 3 and back in run 4, item 4 is new in run 2.
with run as (select max(n) as n from main.runs)
select 1 as id, 'a' as shop, 'first' as name, null::varchar as note, timestamp '2024-01-01' as updated_at
union all
select 2, 'a', 'second v' || case when n >= 4 then 3 when n >= 2 then 2 else 1 end, case when n >= 3 then 'late note' end,
  timestamp '2024-01-01' + to_days(case when n >= 4 then 2 when n >= 2 then 1 else 0 end) from run
union all
select 3, 'b', 'third', 'x', timestamp '2024-01-01' + to_days(case when n >= 4 then 5 else 0 end) from run where n <> 3
union all
select 4, 'b', 'fourth', null, timestamp '2024-01-02' from run where n >= 2
