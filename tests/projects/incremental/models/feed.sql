{{ config(materialized='view') }}
-- each run brings ids from its own number on: some known, some new
select (n + i)::int as id, case when i % 2 = 0 then 'even' else 'odd' end as part, n as run, n * 100 + i::int as amount
from (select max(n) as n from main.runs), range(5) r(i)
