{{ config(materialized='incremental', incremental_strategy='append', on_schema_change='append_new_columns') }}
select id, {% if var('step') | int == 4 %}amount, cast('new' as varchar) as extra{% else %}name, amount{% endif %} from {{ ref('incoming') }}
