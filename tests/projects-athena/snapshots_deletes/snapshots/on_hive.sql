{% snapshot on_hive %}
{{ config(target_schema=env_var('LAKE_SCHEMA'), unique_key='id', strategy='timestamp', updated_at='changed', hard_deletes='invalidate') }}
select id, name, amount, cast(changed as timestamp(3)) as changed from {{ ref('source') }}
{% endsnapshot %}
