{% materialization seed, default %}
  {%- set agate_table = load_agate_table() -%}
  {%- do store_result('agate_table', response='OK', agate_table=agate_table) -%}
  {%- set old = adapter.get_relation(this.database, this.schema, this.identifier) -%}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}
  {% if old %}{% do adapter.drop_relation(old) %}{% endif %}
  {% call statement('main') %}
    create table {{ this }} as select * from (values {% for row in agate_table.rows %}({{ row[0] }}, {{ row['flag'] }}, {{ loop.index }}){{ ',' if not loop.last }}{% endfor %}) t(id, flag, n)
  {% endcall %}
  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {{ adapter.commit() }}
  {{ return({'relations': [this.incorporate(type='table')]}) }}
{% endmaterialization %}
