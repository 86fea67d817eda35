{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='happened', batch_size='day', begin='2024-01-01', post_hook="update {{ this }} set part = -1 where part = 6 and happened >= '2024-01-04'") }}
select {{ row_columns() }}, {% if is_incremental() %}(select count(*) > 0 from {{ this }}){% else %}false{% endif %} as follows from {{ ref('feed') }}
