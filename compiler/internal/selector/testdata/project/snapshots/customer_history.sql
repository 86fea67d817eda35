{% snapshot customer_history %}
{{ config(target_schema='snap', unique_key='id', strategy='check', check_cols='all', tags='nightly') }}
select * from {{ ref('customers') }}
{% endsnapshot %}
