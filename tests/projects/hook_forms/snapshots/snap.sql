{% snapshot snap %}
{{ config(unique_key='id', strategy='check', check_cols='all', target_schema='main', post_hook="insert into main.log (what) values ('in the snapshot')") }}
select * from {{ ref('s') }}
{% endsnapshot %}
