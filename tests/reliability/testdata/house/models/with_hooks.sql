{{ config(materialized='table', pre_hook="create or replace table {{ this.schema }}.prepared as select id, run from {{ ref('feed') }}",
          post_hook=["update {{ this }} set amount = amount + 1", "delete from {{ this }} where part = 6"]) }}
select f.* from {{ ref('feed') }} f join {{ this.schema }}.prepared p using (id, run)
