{{ config(on_schema_change='sync_all_columns', unique_key='id') }}
-- depends_on: {{ ref('feed') }}
{% if is_incremental() -%}
select id, amount, run, id::varchar || '!' as "New Column", {'a': id} as nested from {{ ref('feed') }}
{%- else -%}
select id, part, amount, run from {{ ref('feed') }}
{%- endif %}
