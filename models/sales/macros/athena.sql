{# What is said differently on Athena. #}

{# A query is one statement, a table needs a place in S3, and text is called string where tables are made. #}
{% macro athena__create_build_log() -%}
create table if not exists {{ build_log() }} (logged_at timestamp, what string, how_many bigint)
location '{{ target.s3_data_dir }}build_log/'
tblproperties ('table_type' = 'iceberg')
{%- endmacro %}

{# The function for it already gives a time without a zone, as exact as the kind of table can hold. #}
{% macro athena__loading_time() -%}
{{ dbt.current_timestamp() }}
{%- endmacro %}
