{{ config(materialized='view', tags=['nightly', 'pii'], meta={'owner': 'ann', 'tier': 1, 'sure': true, 'more': {'a': none}}, group='finance', access='protected') }}
select id, upper(name) as name from {{ ref('people') }}
