{{ config(tags=['one']) }}
select * from {{ ref('facts') }} where id is null and {{ is_null('id') }}
