-- What the dashboard reads, as a table: it is small, and read more often than built.
{%- set measures = ['quantity', 'list_amount', 'net_amount', 'margin'] %}

select
    region,
    count(*) as orders,
    {%- for measure in measures %}
    sum({{ measure }}) as {{ measure }}{{ "," if not loop.last }}
    {%- endfor %}
from {{ ref('fct_sales') }}
group by region
order by region
