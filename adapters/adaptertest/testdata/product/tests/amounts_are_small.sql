{{ config(severity='warn', warn_if='>1') }}
select id, amount from {{ ref('merged') }} where amount > 40
