{% snapshot history %}
{{ config(target_schema=env_var('LAKE_SCHEMA'), catalog_name='bucket', unique_key='id', strategy='check', check_cols=['name', 'amount'], table_type='iceberg') }}
select id, name, amount from {{ ref('changing') }}
{% endsnapshot %}
