{{ config(tags='single') }}
select '{{ config.get('tags') | join(' ') }}' as tags, '{{ config.get('meta').get('owner') }}' as owner
