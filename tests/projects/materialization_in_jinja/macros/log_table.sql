{% materialization log_table, default %}
  {%- set target = this.incorporate(type='table') -%}
  {%- set old = adapter.get_relation(this.database, this.schema, this.identifier) -%}
  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}
  {%- if old is none or should_full_refresh() -%}
    {% if old %}{% do adapter.drop_relation(old) %}{% endif %}
    {% call statement('main') %}create table {{ target }} as ({{ sql }}){% endcall %}
  {%- else -%}
    {%- set columns = adapter.get_columns_in_relation(old) | map(attribute='name') | join(', ') -%}
    {% call statement('main') %}insert into {{ target }} ({{ columns }}) select {{ columns }} from ({{ sql }}) q{% endcall %}
  {%- endif -%}
  {%- set seen = run_query('select count(*) as n from ' ~ target) -%}
  {% call statement('more', fetch_result=true) %}select {{ seen.columns['n'].values()[0] }} + 1 as m{% endcall %}
  {%- set m = load_result('more')['data'][0][0] -%}
  {% call statement() %}insert into {{ target }} (id, what) values ({{ m }} * 100, '{{ config.get('label', 'none') }} {{ model.name }}'){% endcall %}
  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {{ adapter.commit() }}
  {{ run_hooks(post_hooks, inside_transaction=False) }}
  {{ return({'relations': [target]}) }}
{% endmaterialization %}

{% materialization uncommitted, adapter='duckdb' %}
  {%- call statement('first', auto_begin=False) %}create or replace table {{ this }} as ({{ sql }}){% endcall -%}
  {%- call statement('main') %}insert into {{ this }} values (2){% endcall -%}
  {{ return({'relations': [this.incorporate(type='table')]}) }}
{% endmaterialization %}

{% materialization no_return, default %}
  {%- call statement('main', auto_begin=False) %}create or replace table {{ this }} as ({{ sql }}){% endcall -%}
{% endmaterialization %}

{% materialization no_main, default %}
  {%- call statement('other', auto_begin=False) %}create or replace table {{ this }} as ({{ sql }}){% endcall -%}
  {{ return({'relations': [this.incorporate(type='table')]}) }}
{% endmaterialization %}

{% materialization fails, default %}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}
  {%- call statement('main') %}create or replace table {{ this }} as (select * from does_not_exist){% endcall -%}
  {{ adapter.commit() }}
  {{ return({'relations': [this.incorporate(type='table')]}) }}
{% endmaterialization %}
