{{ config(error_if='and no') }}
select id from {{ ref('a') }}
