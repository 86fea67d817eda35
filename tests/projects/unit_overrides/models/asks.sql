{% set n = 0 %}{% if execute %}{% set n = run_query("select 41 + 1 as n").columns[0].values()[0] %}{% endif %}
select id, {{ n }} as n from {{ ref('base') }}
