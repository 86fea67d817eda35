{{ config(materialized='view') }}
select w.id, w.name, m.amount from {{ ref('whole') }} as w join {{ ref('merged') }} as m on m.id = w.id
