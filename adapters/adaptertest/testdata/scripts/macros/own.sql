{# dbt's order of things: hooks outside the transaction, then all else in one, which the first statement opens. #}
{% materialization own, default %}
  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}
  {% call statement('main') %}
    create or replace view {{ this }} as {{ sql }}
  {% endcall %}
  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {% do adapter.commit() %}
  {% call statement('again', auto_begin=False) %}begin{% endcall %}
  {% call statement('and_back', auto_begin=False) %}rollback;{% endcall %}
  {{ run_hooks(post_hooks, inside_transaction=False) }}
  {{ return({'relations': [this.incorporate(type='view')]}) }}
{% endmaterialization %}
