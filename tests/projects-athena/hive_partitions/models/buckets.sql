{{ config(materialized='table', bucketed_by=['id'], bucket_count=4) }}
select id, name, day from {{ ref('animals') }}
