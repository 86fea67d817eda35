{{ config(severity='warn', store_failures_as='view', alias='kept_as_view') }}
select id, run from {{ ref('as_table') }} where part = 4
