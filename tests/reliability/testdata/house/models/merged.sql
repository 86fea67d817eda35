{{ config(materialized='incremental', incremental_strategy='merge', unique_key='id', post_hook="update {{ this }} set amount = -amount where part = 0 and amount > 0") }}
select {{ row_columns() }} from {{ ref('feed') }}
