{# Each step has six ids: the lowest of the step before is gone, the highest is new, and all others have changed. #}
{{ config(materialized='view', event_time='happened') }}
{% set step = var('step') | int -%}
select id, cast(name as varchar) as name, amount, cast(day as date) as day, cast(happened as {{ var('moment') }}) as happened from (values
{%- for i in range(step, step + 6) %}
  ({{ i }}, {% if i == step + 2 %}null{% else %}'it''s {{ i }}'{% endif %}, {{ i * 10 + step }}, '2024-01-0{{ 1 + i % 4 }}', '2024-01-0{{ 1 + i % 4 }} 0{{ i % 10 }}:30:00'){{ '' if loop.last else ',' }}
{%- endfor %}
) as t (id, name, amount, day, happened)
