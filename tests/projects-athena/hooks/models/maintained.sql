{{ config(materialized='incremental', incremental_strategy='merge', table_type='iceberg', unique_key='id',
    pre_hook="insert into {{ target.schema }}.hook_log select 'before'",
    post_hook=["optimize {{ this.render_pure() }} rewrite data using bin_pack", "vacuum {{ this.render_pure() }}", "insert into {{ target.schema }}.hook_log values ('after')"]) }}
select id, name from {{ ref('changing') }}
