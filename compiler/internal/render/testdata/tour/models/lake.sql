{% if target.type == 'duckdb' %}select * from {{ source('lake', 'files') }}, {{ source('lake', 'call') }}{% else %}select 1 as a{% endif %}
