{{ config(error_if='between 3 and 5', warn_if='= 4') }}
select id from {{ ref('a') }}
