{{ config(on_schema_change='append_new_columns') }}
{% call set_sql_header(config) %}create or replace temporary macro twice(x) as x * 2;{% endcall %}
select id, twice(amount) as amount{% if is_incremental() %}, twice(run) as run{% endif %} from {{ ref('feed') }}
