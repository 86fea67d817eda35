{{ config(alias='staged_as', tags=['x', 'y']) }}{{ config(tags='z', meta={'a': 1}) }}
{{ config({'meta': {'b': 2}}) }}
select * from {{ source('raw', 'events') }} join {{ source('raw', 'plain') }} using (id)
