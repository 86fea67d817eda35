{{ config(materialized='table', catalog_name='bucket', partitioned_by=['month(day)']) }}
select id, name, day, '{{ adapter.build_catalog_relation(config.model).catalog_type }}' as kept from {{ ref('whole') }}
