{{ config(materialized='table', lf_tags_config={'enabled': true, 'tags': {'domain': 'zoo'}, 'tags_columns': {'level': {'open': ['name']}}}) }}
select * from {{ ref('animals') }}
