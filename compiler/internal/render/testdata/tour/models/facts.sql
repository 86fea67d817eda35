{{ config(materialized='incremental', unique_key='id', on_schema_change='append_new_columns', grants={'select': 'reader'}) }}
{%- set cols = helper.star_columns(ref('staged')) -%}
with recent as (select * from {{ ref('eph_b') }})
select {{ config.get('unique_key') }} as k, '{{ config.get("missing", "dflt") }}' as m, '{{ config.get("alias", "x") }}' as al,
  {{ outer(1) }} {% call inner(2) %}body{% endcall %} {{ kw(1, 3, 4, z=5) }}
  , '{{ helper.shared() }}' as sh, '{{ shared() if shared is defined else "not here" }}' as s2
  , '{{ var("templated") }}' as v, {{ var('listed') }} as l, '{{ var("nothing", "else") }}' as e, {{ gives_list() }} as gl
from {{ ref('eph_a') }} join recent using (a) join {{ ref('versioned') }} v on true join {{ ref('versioned', v=1) }} w on true
join {{ ref('helper', 'helped') }} h on true
{% if is_incremental() %} where id > (select max(id) from {{ this }}) {% endif %}
{% if execute %} -- executing {{ model.unique_id }} {{ flags.FULL_REFRESH }} {{ target.name }} {{ target.type }} {{ adapter.type() }}{% else %} {{ ref('eph_b') }} {% endif %}
