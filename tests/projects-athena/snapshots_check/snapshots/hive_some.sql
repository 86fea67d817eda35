{% snapshot hive_some %}
{{ config(target_schema=env_var('LAKE_SCHEMA'), unique_key='id', strategy='check', check_cols=['name']) }}
select id, name, amount, cast(changed as timestamp(3)) as changed from {{ ref('source') }}
{% endsnapshot %}
