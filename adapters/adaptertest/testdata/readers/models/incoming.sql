{# What by_day reads. Nobody looks at it. #}
{{ config(materialized='view', event_time='happened') }}
{{ rows() }}
