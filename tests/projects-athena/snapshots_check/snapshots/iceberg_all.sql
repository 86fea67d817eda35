{% snapshot iceberg_all %}
{{ config(target_schema=env_var('LAKE_SCHEMA'), unique_key='id', strategy='check', check_cols='all', table_type='iceberg') }}
select id, name, amount, changed from {{ ref('source') }}
{% endsnapshot %}
