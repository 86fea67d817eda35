{% set kinds = [] %}
{% if execute %}
{% set found = run_query("select kind, weight from " ~ ref('kinds') ~ " order by kind") %}
{% for row in found.rows %}{% do kinds.append((row['kind'], row[1])) %}{% endfor %}
{% endif %}
-- depends_on: {{ ref('kinds') }}
select {% for kind, weight in kinds %}sum(case when kind = '{{ kind }}' then weight * {{ weight }} end) as {{ kind }},{% endfor %}
  count(*) as n from {{ ref('kinds') }}
