{{ config(on_schema_change='sync_all_columns', unique_key='id', incremental_strategy='merge') }}
select id, part, amount{% if is_incremental() %}, run, {{ this.identifier | length }} as added{% endif %} from {{ ref('feed') }}
