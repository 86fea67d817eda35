{{ config(tags=['ad_hoc']) }}
select count(*) from {{ ref('a') }} where no_such_column = 1
