{% materialization snapshot, default %}
  {% call statement('main') %}
    create or replace table {{ this }} as ({{ model['compiled_code'] }})
  {% endcall %}
  {{ adapter.commit() }}
  {{ return({'relations': [this.incorporate(type='table')]}) }}
{% endmaterialization %}
