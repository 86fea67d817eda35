{% macro generate_database_name(custom_database_name=none, node=none) -%}
  {%- if custom_database_name is none -%}{{ target.database }}{%- elif node.resource_type == 'test' -%}{{ target.database }}{%- else -%}{{ custom_database_name | trim }}{%- endif -%}
{%- endmacro %}
{% macro generate_schema_name(custom_schema_name, node) -%}
  {{ node.resource_type }}s{% if custom_schema_name %}_{{ custom_schema_name | trim }}{% endif %}
{%- endmacro %}
{% macro generate_alias_name(custom_alias_name=none, node=none) -%}
  {{ node.package_name[:3] }}_{{ custom_alias_name or node.name }}{% if node.version %}_{{ node.version }}{% endif %}
{%- endmacro %}
{% macro ref(name, version=none, v=none) %}{% do log("asked for " ~ name) %}{{ return(builtins.ref(name) if (version or v) is none else builtins.ref(name, v=version or v)) }}{% endmacro %}
{% macro source() %}{{ return(builtins.source(*varargs)) }}{% endmacro %}
{% macro is_incremental() %}{{ return(false) }}{% endmacro %}
{% macro get_where_subquery(relation) %}{% if config.get('where') %}(select * from {{ relation }} where {{ config.get('where') }} and true) own_where{% else %}{{ relation }}{% endif %}{% endmacro %}
{% macro type_string() %}varchar(20){% endmacro %}
{% macro default__concat(fields) %}concat({{ fields | join(', ') }}){% endmacro %}
{% macro test_not_null(model, column_name) %}select 1 as own from {{ model }} where {{ column_name }} is null{% endmacro %}
{% macro get_limit_sql(sql, limit) %}{{ sql }} /* never */{% endmacro %}
{% macro default__get_limit_sql(sql, limit) %}select * from ({{ sql }}) own_limit{% if limit %} limit {{ limit }}{% endif %}{% endmacro %}
{% macro collect_freshness(source, loaded_at_field, filter) %}{% call statement('collect_freshness', fetch_result=True, auto_begin=False) %}select timestamp '2020-01-01' as max_loaded_at, timestamp '2020-01-02' as snapshotted_at{% endcall %}{{ return(load_result('collect_freshness')) }}{% endmacro %}
