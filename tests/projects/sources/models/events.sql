{{ config(alias='web_events') }}
select id, at from {{ source('web', 'events') }}
