{{ config(materialized='table', event_time='at', table_type='iceberg') }}
select id, cast(at as timestamp(6)) as at, cast(kind as varchar) as kind from (values
  (1, '2024-03-01 10:00:00', 'a'), (2, '2025-03-01 10:00:00', 'b'), (3, '2026-01-01 00:00:00', 'c')
  {%- if env_var('STEP', '1') != '1' %}, (4, '2026-02-01 00:00:00', 'd'), (5, '2024-04-01 00:00:00', 'late'){% endif %}
) as t (id, at, kind)
