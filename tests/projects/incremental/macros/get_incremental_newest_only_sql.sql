{% macro get_incremental_newest_only_sql(arg_dict) %}
  delete from {{ arg_dict['target_relation'] }} where run < (select max(run) from {{ arg_dict['temp_relation'] }});
  {{ get_insert_into_sql(arg_dict['target_relation'], arg_dict['temp_relation'], arg_dict['dest_columns']) }}
{% endmacro %}
