{% snapshot on_iceberg %}
{{ config(target_schema=env_var('LAKE_SCHEMA'), unique_key='id', strategy='timestamp', updated_at='changed', table_type='iceberg') }}
select id, name, amount, changed from {{ ref('source') }}
{% endsnapshot %}
