{{ config(store_failures_as='view', error_if='>100', warn_if='>3', alias='the_view') }}
select id from {{ ref('a') }}
