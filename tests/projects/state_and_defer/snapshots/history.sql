{% snapshot history %}{{ config(unique_key='id', strategy='check', check_cols=['name'], target_schema='main') }}select * from {{ ref('people') }}{% endsnapshot %}
