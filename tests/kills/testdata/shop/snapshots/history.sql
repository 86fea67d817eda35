{% snapshot history %}
{{ config(target_schema='shop', unique_key='id', strategy='check', check_cols=['amount'], table_type='iceberg', hard_deletes='invalidate') }}
select id, amount from {{ ref('raw') }}
{% endsnapshot %}
