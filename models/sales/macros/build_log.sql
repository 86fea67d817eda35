{# A table in which runs leave a trace: what was done, when, and how many. Hooks write it, for it belongs to no model. #}

{% macro build_log() -%}
{{ target.schema }}.build_log
{%- endmacro %}

{# For on-run-start. The schema may be new: hooks at the start run before any model. Engines on which tables are made differently say so in
   a macro of their own, which dispatch finds by its name: athena.sql has that of Athena. #}
{% macro create_build_log() -%}
{{ adapter.dispatch('create_build_log', 'sales')() }}
{%- endmacro %}

{% macro default__create_build_log() -%}
create schema if not exists {{ target.schema }};
create table if not exists {{ build_log() }} (logged_at timestamp, what varchar, how_many bigint)
{%- endmacro %}

{# For the post-hook of a model: its rows, in the same transaction in which they are published. #}
{% macro log_rows(relation) -%}
insert into {{ build_log() }}
select cast({{ dbt.current_timestamp() }} as timestamp), 'rows of {{ relation.identifier }}', count(*) from {{ relation }}
{%- endmacro %}

{# For on-run-end, which alone knows the results. #}
{% macro log_run(results) -%}
{%- set bad = results | selectattr('status', 'in', ['error', 'fail', 'runtime error']) | list -%}
insert into {{ build_log() }}
values (cast({{ dbt.current_timestamp() }} as timestamp), 'nodes of a run', {{ results | length }}),
    (cast({{ dbt.current_timestamp() }} as timestamp), 'nodes that failed', {{ bad | length }})
{%- endmacro %}
