{{ config(materialized='incremental', incremental_strategy='merge', unique_key='id', table_type='iceberg',
          merge_update_columns_rules={'total': 'sum'}) }}
select id, run, amount as total from {{ ref('raw') }} where mod(id, 4) > 0
