{{ config(materialized='incremental', pre_hook={'sql': "insert into main.log (what) values ('outside')", 'transaction': False}, post_hook=before_begin("insert into main.log (what) values ('before begin')")) }}
select id from {{ ref('a') }}
