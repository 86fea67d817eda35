{{ config(materialized='table', sql_header='set threads = 1;') }}
select a.id, a.id as id from {{ ref('a') }} a join {{ ref('eph') }} using (id)
