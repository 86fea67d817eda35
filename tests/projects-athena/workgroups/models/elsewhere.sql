{{ config(materialized='table', work_group=env_var('LAKE_OTHER_WORKGROUP')) }}
select * from {{ ref('animals') }}
