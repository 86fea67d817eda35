{# Other tags and filters in the second build: what is not wanted any more goes. #}
{%- set second = env_var('STEP', '1') == '2' %}
{{ config(materialized='incremental', table_type='iceberg', incremental_strategy='append',
    lf_tags_config={'enabled': true, 'tags': {'level': 'closed'} if second else {'domain': 'zoo'}, 'tags_columns': {'level': {'open': ['name' if second else 'id']}}},
    lf_grants={'data_cell_filters': {'enabled': true, 'filters': {
      'small': {'row_filter': 'id < 3' if second else 'id < 2', 'principals': ['arn:aws:iam::123456789012:role/a', 'arn:aws:iam::123456789012:role/c' if second else 'arn:aws:iam::123456789012:role/b']},
      'new' if second else 'old': {'row_filter': 'true', 'column_names': ['id']}}}}) }}
select * from {{ ref('animals') }}
