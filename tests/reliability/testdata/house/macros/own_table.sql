{% materialization own_table, default %}
  {% call statement('main') %}
    create or replace table {{ this }} as ({{ sql }})
  {% endcall %}
  {{ return({'relations': [this.incorporate(type='table')]}) }}
{% endmaterialization %}
