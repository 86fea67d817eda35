{# Models that are files. #}
{% macro external_location(relation, config) -%}
  {%- set partitioned = config.get('options', {}).get('partition_by') is not none -%}
  {{ adapter.external_root() }}/{{ relation.identifier }}{% if not partitioned %}.{{ config.get('format', 'parquet') }}{% endif %}
{%- endmacro %}
{% macro location_exists(location) %}{{ return(adapter.location_exists(location)) }}{% endmacro %}
{% macro write_to_file(relation, location, options) -%}
  {%- call statement('write_to_file') %}copy {{ relation }} to '{{ location }}' ({{ options }}){% endcall -%}
{%- endmacro %}
{% macro store_relation(plugin, relation, location, format, config) -%}
  {%- set columns = adapter.get_columns_in_relation(relation) -%}
  {%- do adapter.store_relation(plugin, relation, columns, location, format, config) -%}
{%- endmacro %}

{# The options of COPY: those written as such, and two that have settings of their own. #}
{% macro render_write_options(config) -%}
  {%- set options = config.get('options', {}) -%}
  {%- if options is not mapping -%}
    {%- do exceptions.raise_compiler_error('The options argument must be a dictionary') -%}
  {%- endif -%}
  {%- for name in options | list -%}
    {%- do options.update({name: render(options[name])}) -%}
  {%- endfor -%}
  {%- for name in ['format', 'delimiter'] if config.get(name) -%}
    {%- do options.update({name: render(config.get(name))}) -%}
  {%- endfor -%}
  {{ return(options) }}
{%- endmacro %}

{# Views on the files of external models that this run reads and does not build: called before a run into an empty database. #}
{% macro register_upstream_external_models() -%}
  {%- if execute -%}
    {%- set seen, schemas = {}, {} -%}
    {%- for id in selected_resources if id in graph['nodes'] -%}
      {%- for parent in graph['nodes'][id]['depends_on']['nodes'] if parent not in seen and parent not in selected_resources -%}
        {%- do seen.update({parent: true}) -%}
        {%- set node = graph['nodes'].get(parent) -%}
        {%- if node and node.resource_type in ('model', 'seed') and node.config.materialized == 'external' -%}
          {%- set view = api.Relation.create(database=node['database'], schema=node['schema'], identifier=node['alias']) -%}
          {%- set location = node.config.get('location', external_location(view, node.config)) -%}
          {%- set file = adapter.external_read_location(location, render_write_options(node.config)) -%}
          {%- if view.schema not in schemas -%}
            {%- do schemas.update({view.schema: true}) -%}
            {%- call statement('main', language='sql') %}create schema if not exists {{ view.without_identifier() }}{% endcall -%}
          {%- endif -%}
          {%- call statement('main', language='sql') %}create or replace view {{ view }} as ( select * from '{{ file }}' );{% endcall -%}
        {%- endif -%}
      {%- endfor -%}
    {%- endfor -%}
    {%- if schemas -%}
      {%- do adapter.commit() -%}
    {%- endif -%}
  {%- endif -%}
{%- endmacro %}

{# The name under which MotherDuck shows a model's work. #}
{% macro flight_name(parsed_model) %}{{ return(adapter.dispatch('flight_name', 'dbt')(parsed_model)) }}{% endmacro %}
{% macro default__flight_name(parsed_model) %}{{ return(duckdb__flight_name(parsed_model)) }}{% endmacro %}
{% macro duckdb__flight_name(parsed_model) -%}
  {%- set m = parsed_model -%}
  {{ return(['dbt', m.get('package_name'), m.get('database'), m.get('schema'), m.get('alias') or m.get('name')] | select | join('-')) }}
{%- endmacro %}
