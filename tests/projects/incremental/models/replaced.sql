{{ config(incremental_strategy='delete+insert', unique_key=['id', 'part'], incremental_predicates=['DBT_INCREMENTAL_TARGET.run >= 1', "DBT_INCREMENTAL_TARGET.part = 'odd'"]) }}
select * from {{ ref('feed') }}
