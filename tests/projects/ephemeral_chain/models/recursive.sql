with recursive steps as (select 1 as n union all select n + 1 from steps where n < (select max(tens) from {{ ref('second') }}))
select count(*) as n from steps
