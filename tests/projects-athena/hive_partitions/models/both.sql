{{ config(materialized='table', partitioned_by=['day'], bucketed_by=['id'], bucket_count=2) }}
select id, name, day from {{ ref('animals') }}
