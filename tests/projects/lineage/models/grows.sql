{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key=['id'], on_schema_change='append_new_columns') }}
-- depends_on: {{ ref('texts') }}
select p.id, p.name, e.text
from {{ ref('people') }} p join {{ source('raw', 'texts') }} e using (id)
