{{ config(tags=['hourly'], meta={'owner': 'ops'}) }} select e.id, e.at from {{ ref('stg_events') }} e join {{ ref('customers') }} using (id) join {{ ref('rates') }} on true
