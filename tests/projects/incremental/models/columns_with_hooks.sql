{{ config(on_schema_change='sync_all_columns', pre_hook="create or replace table main.prepared as select 7 as seven", post_hook="update {{ this }} set amount = 0 where id = 3") }}
select id, amount{% if is_incremental() %}, run{% endif %} from {{ ref('feed') }}
