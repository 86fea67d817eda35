{{ config(materialized='table', partitioned_by=['month', 'name']) }}
select id, amount, date_format(day, '%Y-%m') as month, name from {{ ref('animals') }} where name is not null
