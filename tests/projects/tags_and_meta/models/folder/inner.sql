{{ config(tags=['own'], meta={'level': 2, 'extra': ['a', 1]}) }}
select * from {{ ref('plain') }}
