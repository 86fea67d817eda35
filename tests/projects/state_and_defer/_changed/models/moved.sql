{{ config(alias='moved_away') }} select id from {{ ref('by_macro') }}
