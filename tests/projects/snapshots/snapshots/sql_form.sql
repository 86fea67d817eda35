{% snapshot by_time %}
{{ config(unique_key='id', strategy='timestamp', updated_at='updated_at') }}
select * from {{ ref('items') }}
{% endsnapshot %}

{% snapshot by_time_invalidated %}
{{ config(unique_key='id', strategy='timestamp', updated_at='updated_at', invalidate_hard_deletes=true, target_schema='history',
  snapshot_meta_column_names={'dbt_valid_to': 'ended'}) }}
select * from {{ ref('items') }}
{% endsnapshot %}

{% snapshot by_columns %}
{{ config(unique_key='id', strategy='check', check_cols=['name', 'NOTE'], updated_at='updated_at') }}
select * from {{ ref('items') }}
{% endsnapshot %}

{% snapshot by_all_columns %}
{{ config(unique_key="id || '-' || shop", strategy='check', check_cols='all', hard_deletes='invalidate',
  snapshot_meta_column_names={'dbt_scd_id': 'run_id', 'dbt_updated_at': 'run_at', 'dbt_valid_from': 'run_from', 'dbt_valid_to': 'ended'}) }}
select * from {{ ref('items') }}
{% endsnapshot %}

{% snapshot with_new_column %}
{{ config(unique_key='id', strategy='check', check_cols='all', updated_at='updated_at') }}
-- depends_on: {{ ref('items') }}
select id, name, updated_at
{%- if adapter.get_relation(this.database, this.schema, this.identifier) is not none %}, note, struct_pack(a := id) as nested{% endif %}
from {{ ref('items') }} -- a comment at the end
{% endsnapshot %}

{% snapshot with_own_strategy %}
{{ config(unique_key='id', strategy='by_name', updated_at='updated_at') }}
select * from {{ ref('items') }}
{% endsnapshot %}
