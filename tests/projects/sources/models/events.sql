{{ config(alias='web_events') }}
select id, seen_at from {{ source('web', 'events') }}
