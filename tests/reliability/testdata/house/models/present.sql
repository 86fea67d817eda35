{{ config(materialized='table') }}
select id, amount, run, timestamp '2024-01-01' + to_days(run) as changed from {{ ref('feed') }} where id % 5 <> run % 5
