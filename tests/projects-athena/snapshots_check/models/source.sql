{{ config(materialized='table', table_type='iceberg') }}
select id, cast(name as varchar) as name, amount, cast(changed as timestamp(6)) as changed from (values
  (1, 'ant', 10, '2024-01-01 00:00:00'),
  (2, {% if env_var('STEP', '1') == '1' %}'bee', 20, '2024-01-01 00:00:00'{% else %}'wasp', 25, '2024-02-01 00:00:00'{% endif %})
  {%- if env_var('STEP', '1') == '1' %}, (3, 'cat', 30, '2024-01-01 00:00:00'){% else %}, (4, 'eel', 40, '2024-02-02 00:00:00'){% endif %}
) as t (id, name, amount, changed)
