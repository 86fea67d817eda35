{% snapshot history %}
{{ config(unique_key='id', strategy='check', check_cols=['run']) }}
select id, amount, run from ({{ rows() }}) as r
{% endsnapshot %}
