{{ config(severity='warn', store_failures=true, alias='kept_as_table') }}
select id, run from {{ ref('as_table') }} where part = 3
