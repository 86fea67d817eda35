{{ config(materialized='incremental', unique_key='id', pre_hook="{{ note_before(this) }}", post_hook="{{ note(this) }}") }}
-- depends_on: {{ ref('asks') }}
select id{% if is_incremental() %} + 1 as id{% endif %} from {{ ref('s') }}
