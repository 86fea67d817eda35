{{ config(schema='extra') }}
select * from {{ ref('a') }}
