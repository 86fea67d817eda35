{# 48 rows of a run. The value that fails late does so at the last of them. #}
{% macro rows() -%}
{%- set late = var('broken') == this.name ~ '_late' -%}
select id, part, cast(day as date) as day, cast(happened as {{ var('moment') }}) as happened, amount, run{{ ', no_such_column' if var('broken') == this.name }}
from (
  select a.i * 8 + b.i as id, a.i as part, concat('2024-01-0', cast(1 + b.i % 4 as varchar)) as day,
    concat('2024-01-0', cast(1 + b.i % 4 as varchar), ' 0', cast(a.i as varchar), ':00:00') as happened,
    {% if late %}cast(case when a.i = 5 and b.i = 7 then 'x' else '1' end as integer) + {% endif %}{{ var('run') }} * 1000 + a.i * 8 + b.i as amount, {{ var('run') }} as run
  from (values (0), (1), (2), (3), (4), (5)) as a (i) cross join (values (0), (1), (2), (3), (4), (5), (6), (7)) as b (i)
) as r
{%- endmacro %}
