{{ config(materialized='incremental', alias='MixedCase', incremental_strategy='merge', unique_key=['group']) }}
select "group", "from" from {{ ref('order') }}
