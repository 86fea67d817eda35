{{ config(materialized='view') }}
select id, cast(name as varchar) as name, amount, cast(day as date) as day from (values
  (1, 'ant', 10, '2024-01-01'),
  (2, '{{ 'bee' if env_var('STEP', '1') == '1' else 'wasp' }}', {{ 20 if env_var('STEP', '1') == '1' else 25 }}, '2024-01-02'),
  (3, 'cat', 30, '2024-01-02')
  {%- if env_var('STEP', '1') != '1' %},
  (5, 'eel', 50, '2024-01-05')
  {%- endif %}
) as t (id, name, amount, day)
