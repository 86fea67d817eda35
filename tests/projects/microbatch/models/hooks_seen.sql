-- depends_on: {{ ref('by_day') }}
select what, count(*) as times from main.seen group by what
