{{ config(materialized='table', pre_hook="{{ note_before(this) }}", post_hook=["{{ note(this) }}", "{{ adds_nothing(this) }}"]) }}
-- depends_on: {{ ref('a') }}
select id, id as n from {{ ref('s') }} union all select 7, 7
