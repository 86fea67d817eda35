{{ config(materialized='view', lf_tags_config={'enabled': true, 'tags': {'domain': 'zoo'}}) }}
select * from {{ ref('animals') }}
