{{ config(error_if='= 0', warn_if='= 0') }}
select id from {{ ref('empty') }}
