{{ config(materialized='table', pre_hook=[]) }}
-- {{ ref('b') }}
select who, regexp_replace(q, '\s+', ' ', 'g') as q from main.sent
