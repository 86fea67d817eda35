{{ config(materialized='incremental', incremental_strategy='append', on_schema_change='ignore') }}
select id, name, amount{% if var('step') | int == 4 %}, cast('new' as varchar) as extra{% endif %} from {{ ref('incoming') }}
